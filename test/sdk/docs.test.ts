import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Exit code and output of the type check of a folder. */
function typecheck(folder: string): Promise<{ code: number; output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; output: string }>();
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  execFile(tsc, ['-p', folder], (error, stdout) => resolve({ code: error === null ? 0 : 1, output: stdout }));
  return promise;
}

describe('docs/sdk.md', () => {
  it('has examples that compile', async () => {
    const text = await readFile(join(root, 'docs', 'sdk.md'), 'utf8');
    const examples = [...text.matchAll(/```ts\n(?<code>.*?)```/gsu)].map(({ groups }) => groups!['code']!);
    assert.ok(examples.length >= 10, `${examples.length} examples`);
    // Inside node_modules, so that imports are found as in a program that depends on the SDK.
    const cache = join(root, 'node_modules', '.cache');
    await mkdir(cache, { recursive: true });
    const folder = await mkdtemp(join(cache, 'sdk-docs-'));
    try {
      const options = { lib: ['esnext', 'dom', 'dom.iterable', 'dom.asynciterable'] };
      const config = { extends: join(root, 'tsconfig.base.json'), compilerOptions: options, include: ['*.mts'] };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
      await Promise.all(
        examples.map((code, index) => writeFile(join(folder, `example-${index + 1}.mts`), `${code}\nexport {};\n`)),
      );
      assert.deepEqual(await typecheck(folder), { code: 0, output: '' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
