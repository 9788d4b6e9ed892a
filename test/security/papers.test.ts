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

  it('SECURITY.md names a test for each promise', () => {
    const promises = readFileSync(join(root, 'SECURITY.md'), 'utf8').split('## What is promised')[1] ?? '';
    const rows = promises.split('## ')[0]?.match(/^\| (?!-|promise).+\|$/gmu) ?? [];
    assert.ok(rows.length > 15);
    assert.deepEqual(
      rows.filter((row) => !/\.(test|e2e)\.ts`|docs\/limits\.md/u.test(row)),
      [],
    );
  });

  it('docs/limits.md names a test for each bound but those of the engine', () => {
    const rows =
      readFileSync(join(root, 'docs/limits.md'), 'utf8')
        .split('## Measured')[0]
        ?.match(/^\| .+\|$/gmu) ?? [];
    const bounds = rows.slice(1).filter((row) => !row.startsWith('| -'));
    assert.ok(bounds.length > 40);
    assert.deepEqual(
      bounds.filter((row) => !/\.test\.ts`|attacker|flood|fuzz|mediasoup|as above|pace\.ts/u.test(row)),
      [],
    );
  });

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
