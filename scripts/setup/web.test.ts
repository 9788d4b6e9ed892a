import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { builtFrom, isBuilt, sourcesHash } from '../../packages/web/sources.mjs';

/** A clone with one source file; `build` does what the build of the app does. */
function makeClone() {
  const folder = mkdtempSync(join(tmpdir(), 'potluck-web-'));
  const packages = join(folder, 'packages');
  const dist = join(packages, 'web', 'dist');
  mkdirSync(join(packages, 'web', 'src'), { recursive: true });
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  write('packages/web/src/a.ts', 'a');
  return {
    packages,
    write,
    build() {
      mkdirSync(dist, { recursive: true });
      write('packages/web/dist/index.html', 'page');
      write(`packages/web/dist/${builtFrom}`, sourcesHash(packages));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

describe('isBuilt', () => {
  it('is false in a fresh clone, and where what was built does not say from what', () => {
    using clone = makeClone();
    assert.equal(isBuilt(clone.packages), false);
    mkdirSync(join(clone.packages, 'web', 'dist'));
    clone.write('packages/web/dist/index.html', 'page');
    assert.equal(isBuilt(clone.packages), false);
  });

  it('is true after a build, and when a change was taken back', () => {
    using clone = makeClone();
    clone.build();
    assert.equal(isBuilt(clone.packages), true);
    clone.write('packages/web/src/a.ts', 'b');
    clone.write('packages/web/src/a.ts', 'a');
    assert.equal(isBuilt(clone.packages), true);
  });

  it('is false when a change was built and taken back', () => {
    using clone = makeClone();
    clone.write('packages/web/src/a.ts', 'b');
    clone.build();
    clone.write('packages/web/src/a.ts', 'a');
    assert.equal(isBuilt(clone.packages), false);
  });

  const cases: [what: string, path: string, expected: boolean][] = [
    ['changes with sources', 'packages/web/src/a.ts', false],
    ['changes with the packages that go into it', 'package-lock.json', false],
    ['stays with tests', 'packages/web/src/a.test.ts', true],
    ['stays with what was built', 'packages/web/dist/a.js', true],
  ];
  for (const [what, path, expected] of cases) {
    it(what, () => {
      using clone = makeClone();
      clone.build();
      clone.write(path, 'other');
      assert.equal(isBuilt(clone.packages), expected);
    });
  }
});
