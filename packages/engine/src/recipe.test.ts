import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { platformName } from './platform.mjs';
import { engineFolder, recipeHash } from './recipe.mjs';

describe('recipeHash', () => {
  function copy() {
    const folder = mkdtempSync(join(tmpdir(), 'potluck-recipe-'));
    for (const part of ['CMakeLists.txt', 'cmake', 'compat', 'patches']) {
      cpSync(join(engineFolder, part), join(folder, part), { recursive: true });
    }
    return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
  }

  it('is the same wherever the clone lies', () => {
    using there = copy();
    assert.equal(recipeHash(there.folder), recipeHash());
  });

  const changes: Record<string, (folder: string) => void> = {
    'a compiler flag': (folder) => appendFileSync(join(folder, 'CMakeLists.txt'), '# changed'),
    'a header': (folder) => appendFileSync(join(folder, 'compat', 'ankerl', 'unordered_dense.h'), '// changed'),
    'one more patch': (folder) => writeFileSync(join(folder, 'patches', '99-new.patch'), ''),
    'the order of patches': (folder) =>
      renameSync(
        join(folder, 'patches', '01-dtls-bio-return.patch'),
        join(folder, 'patches', '02-dtls-bio-return.patch'),
      ),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`changes with ${what}`, () => {
      using there = copy();
      change(there.folder);
      assert.notEqual(recipeHash(there.folder), recipeHash());
    });
  }
});

describe('platformName', () => {
  const here = `${process.platform}-${process.arch}`;

  it('names the release of the distribution', () => {
    assert.equal(platformName('NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n'), `${here}-debian-12`);
  });

  it('does without one', () => {
    assert.equal(platformName(''), here);
    assert.equal(platformName('ID=arch\n'), `${here}-arch`);
  });

  it('never leaves its folder', () => assert.equal(platformName('ID="../../x y"'), `${here}-....xy`));
});
