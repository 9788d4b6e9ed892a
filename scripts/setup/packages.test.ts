import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isInstalled } from './packages.mjs';
import { isRecent } from './runtime.mjs';

function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'potluck-setup-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

describe('isInstalled', () => {
  const wanted = {
    '': { version: '1.0.0' },
    'packages/x': { version: '1.0.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/x': { link: true },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  };

  function clone(folder: string, installed: object | undefined, folders = ['a', 'x']) {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
    for (const name of folders) mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    if (!installed) return;
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
  }

  const installed = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/x': { link: true } };
  const cases: [string, boolean, object | undefined, string[]?][] = [
    ['is true when all is there but what belongs to other platforms', true, installed],
    ['is false in a fresh clone', false, undefined],
    ['is false when a version differs', false, { ...installed, 'node_modules/a': { version: '1.0.1' } }],
    ['is false when a package is not recorded', false, {}],
    ['is false when a folder was removed', false, installed, ['x']],
  ];
  for (const [what, expected, record, folders] of cases) {
    it(what, () => {
      using there = temporaryFolder();
      clone(there.folder, record, folders);
      assert.equal(isInstalled(there.folder), expected);
    });
  }
});

describe('isRecent', () => {
  it('asks for 24.12 or later', () => {
    const found = ['20.19.0', '24.11.9', '24.12.0', '24.21.0', '25.0.0'].map(isRecent);
    assert.deepEqual(found, [false, false, true, true, true]);
  });
});
