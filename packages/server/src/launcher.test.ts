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
      'process.on("exit", () => console.error(JSON.stringify({ pid: process.pid, flags: process.execArgv })));';
    await writeFile(join(folder, 'tell.cjs'), told);
  });
  after(() => rm(folder, { recursive: true }));

  /** How the Node was started that ran the command to its end. */
  async function launched(args: string[], options = '') {
    const env = { ...process.env, NODE_OPTIONS: `--require=${join(folder, 'tell.cjs')} ${options}` };
    const running = run(process.execPath, [launcher, ...args], { env });
    const { stdout, stderr } = await running;
    const { pid, flags } = JSON.parse(stderr) as { pid: number; flags: string[] };
    return { stdout, flags, samePid: pid === running.child.pid };
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

  it('runs other commands as they are', async () => {
    assert.deepEqual((await launched(['token', '--help'])).flags, []);
  });
});
