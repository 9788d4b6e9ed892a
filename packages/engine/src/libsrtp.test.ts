import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseUris, seriesOf } from './libsrtp.mjs';
import { privateApt, sourceLines, sourceStanzas } from './private-apt.mjs';

describe('sourceLines', () => {
  it('asks the same mirrors for sources, with their options', () => {
    const text =
      '# deb x\ndeb [signed-by=/k.gpg] https://mirror.example/debian stable main\ndeb-src https://m/ s main\n';
    assert.equal(sourceLines(text), 'deb-src [signed-by=/k.gpg] https://mirror.example/debian stable main\n');
  });
});

describe('sourceStanzas', () => {
  it('asks the same mirrors for sources, and leaves out what is switched off or has only sources', () => {
    const text = [
      'Types: deb',
      '# a comment',
      'URIs: https://mirror.example/debian',
      'Suites: stable',
      '',
      'Types: deb',
      'Enabled: no',
      'URIs: https://other.example',
      '',
      'Types: deb-src',
      'URIs: https://third.example',
      '',
    ].join('\n');
    assert.equal(sourceStanzas(text), 'Types: deb-src\nURIs: https://mirror.example/debian\nSuites: stable\n');
  });

  it('takes a stanza that has both', () => {
    assert.equal(sourceStanzas('Types: deb deb-src\nURIs: u\n'), 'Types: deb-src\nURIs: u\n');
  });
});

describe('privateApt', () => {
  it('keeps to its own folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'potluck-apt-'));
    const etc = join(folder, 'etc');
    mkdirSync(join(etc, 'sources.list.d'), { recursive: true });
    writeFileSync(join(etc, 'sources.list'), 'deb https://mirror.example stable main\n');
    writeFileSync(join(etc, 'sources.list.d', 'x.list.disabled'), 'deb https://disabled.example stable main\n');
    const options = privateApt(join(folder, 'own'), etc);
    assert.deepEqual(options, ['-q', `--config-file=${folder}/own/apt.conf`]);
    assert.match(readFileSync(join(folder, 'own', 'apt.conf'), 'utf8'), /Dir::Etc::SourceList "\/dev\/null";/);
    assert.throws(() => readFileSync(join(folder, 'own', 'sources', 'x.list.disabled')));
    rmSync(folder, { recursive: true });
  });

  it('has no answer where no packages are declared', () => {
    const folder = mkdtempSync(join(tmpdir(), 'potluck-apt-'));
    assert.equal(privateApt(join(folder, 'own'), join(folder, 'etc')), undefined);
    rmSync(folder, { recursive: true });
  });
});

describe('parseUris', () => {
  it('reads names and checksums, and no name that leaves the folder', () => {
    const checksum = 'a'.repeat(64);
    const lines = [
      'Need to get 657 kB of source archives.',
      `'https://m/libsrtp2_2.5.0.orig.tar.gz' libsrtp2_2.5.0.orig.tar.gz 638704 SHA256:${checksum}`,
      `'https://m/x' ../x 1 SHA256:${checksum}`,
      "'https://m/y' y 1 MD5Sum:00",
    ];
    assert.deepEqual(parseUris(lines), [{ name: 'libsrtp2_2.5.0.orig.tar.gz', checksum }]);
  });
});

describe('seriesOf', () => {
  it('skips comments and empty lines', () =>
    assert.deepEqual(seriesOf('# x\n\n01-a.patch\n02-b.patch # why\n'), ['01-a.patch', '02-b.patch']));
});
