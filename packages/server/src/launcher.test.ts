import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const launcher = fileURLToPath(new URL('../bin/potluck.mjs', import.meta.url));
const run = promisify(execFile);

describe('the launcher', { skip: process.execve === undefined && 'this Node cannot become another one' }, () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'potluck-launcher-'));
    const told =
      'process.on("exit", () => console.error(JSON.stringify({ pid: process.pid, flags: process.execArgv, arenas: process.env.MALLOC_ARENA_MAX })));';
    await writeFile(join(folder, 'tell.cjs'), told);
  });
  after(() => rm(folder, { recursive: true }));

  /** How the Node was started that ran the command to its end. */
  async function launched(args: string[], options = '', variables: { [name: string]: string } = {}) {
    const env = { ...process.env, NODE_OPTIONS: `--require=${join(folder, 'tell.cjs')} ${options}`, ...variables };
    const running = run(process.execPath, [launcher, ...args], { env });
    const { stdout, stderr } = await running;
    const { pid, flags, arenas } = JSON.parse(stderr) as { pid: number; flags: string[]; arenas?: string };
    return { stdout, flags, arenas, samePid: pid === running.child.pid };
  }

  it('gives the server a small young generation, in the same process', async () => {
    for (const args of [['start', '--version'], ['--version']]) {
      const { stdout, flags, samePid } = await launched(args);
      assert.match(stdout, /^\d+\.\d+\.\d+\n$/u);
      assert.deepEqual(flags, ['--max-semi-space-size=8']);
      assert.ok(samePid);
    }
  });

  it('leaves the size to an operator who says one', async () => {
    assert.deepEqual((await launched(['start', '--version'], '--max-semi-space-size=32')).flags, []);
  });

  it('has glibc keep two heaps for the server’s threads, unless the operator says otherwise', async () => {
    assert.equal((await launched(['start', '--version'])).arenas, '2');
    assert.equal((await launched(['start', '--version'], '', { MALLOC_ARENA_MAX: '5' })).arenas, '5');
  });

  it('runs other commands as they are', async () => {
    const { flags, arenas } = await launched(['token', '--help']);
    assert.deepEqual([flags, arenas], [[], undefined]);
  });
});
