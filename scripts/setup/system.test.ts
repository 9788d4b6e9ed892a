import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aptFraction, explainApt, missingPackages } from './system.mjs';

describe('missingPackages', () => {
  it('reads the database of dpkg', () => {
    const folder = mkdtempSync(join(tmpdir(), 'potluck-dpkg-'));
    const file = join(folder, 'status');
    const state = (name: string, status: string) => `Package: ${name}\nStatus: ${status}\nPriority: optional\n\n`;
    writeFileSync(
      file,
      state('g++', 'install ok installed') +
        state('held', 'hold ok installed') +
        state('removed', 'deinstall ok config-files') +
        state('half', 'install ok half-installed'),
    );
    assert.deepEqual(missingPackages(['g++', 'held', 'removed', 'half', 'never'], file), ['removed', 'half', 'never']);
    rmSync(folder, { recursive: true });
  });

  it('knows nothing on a system without dpkg', () => assert.equal(missingPackages(['g++'], '/nowhere'), undefined));
});

describe('aptFraction', () => {
  it('takes downloading for the first half and installing for the second', () => {
    assert.equal(aptFraction('dlstatus:1:20.0:Retrieving file 1 of 5'), 0.1);
    assert.equal(aptFraction('pmstatus:cmake:50:Unpacking cmake (amd64)'), 0.75);
    assert.equal(aptFraction('pmstatus:libuv1-dev:amd64:100:Installed'), 1);
    assert.equal(aptFraction('Setting up cmake'), undefined);
  });
});

describe('explainApt', () => {
  const sentences: [string, RegExp][] = [
    [
      'E: Failed to fetch http://mirror.example/x  Could not connect',
      /mirror of the system packages cannot be reached/,
    ],
    ['E: Could not get lock /var/lib/dpkg/lock-frontend.', /Another program is installing/],
    ['E: Unable to locate package cmake', /not offered here/],
    ['dpkg: error: failed to write: No space left on device', /disk is full/],
    ['E: Something new', /could not be installed/],
  ];
  for (const [line, sentence] of sentences) {
    it(`understands "${line}"`, () => assert.match(explainApt([line], ['cmake']).message, sentence));
  }
});
