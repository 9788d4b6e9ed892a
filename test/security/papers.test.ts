/** What SECURITY.md and docs/limits.md name as proof is there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '../..');

describe('papers', () => {
  for (const paper of ['SECURITY.md', 'docs/limits.md']) {
    it(`${paper} names only tests that exist`, () => {
      const named = [...readFileSync(join(root, paper), 'utf8').matchAll(/`([\w/.-]+\.ts)`/gu)].map(
        ([, name = '']) => name,
      );
      const missing = named.filter(
        (name) =>
          !['', 'packages/server/src', 'packages'].some((folder) =>
            existsSync(join(root, folder, folder === 'packages' ? name.replace('/', '/src/') : name)),
          ),
      );
      assert.ok(named.length > 5);
      assert.deepEqual(missing, []);
    });
  }

  it('docs/dependencies.md gives a reason for every direct dependency of what is shipped', () => {
    const text = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
    for (const name of ['kernel', 'protocol', 'client', 'server', 'web', 'engine']) {
      const file = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8');
      const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(file);
      for (const dependency of Object.keys(dependencies)) {
        if (dependency.startsWith('@potluck/')) continue;
        const scope = `${dependency.split('/')[0]}/*`;
        assert.ok(text.includes(dependency) || text.includes(scope), `${dependency} (${name})`);
      }
    }
  });
});
