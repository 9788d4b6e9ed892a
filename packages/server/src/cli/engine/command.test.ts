import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runEngine } from './command.ts';
import { kernelSegments } from './describe.ts';

/** Runs the command with an empty cache of its own. */
async function engine(args: string[], more: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'potluck-engine-cli-'));
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  try {
    const env = { XDG_CACHE_HOME: folder, ...more };
    const status = await runEngine(args, { env, node: process.execPath, out: say, error: say });
    return { status, text: said.join('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('potluck engine', () => {
  it('tells of a worker that the environment names', async () => {
    const { status, text } = await engine([], { MEDIASOUP_WORKER_BIN: process.execPath });
    assert.equal(status, 0);
    assert.match(text, /named by MEDIASOUP_WORKER_BIN/);
    assert.ok(text.includes(process.execPath));
  });

  it('tells it as data', async () => {
    const { text } = await engine(['--json'], { MEDIASOUP_WORKER_BIN: process.execPath });
    assert.deepEqual(JSON.parse(text).source, 'env');
  });

  it('fails with a sentence when the environment names nothing that runs', async () => {
    const { status, text } = await engine([], { MEDIASOUP_WORKER_BIN: '/nowhere' });
    assert.equal(status, 1);
    assert.match(text, /^potluck engine: MEDIASOUP_WORKER_BIN names "\/nowhere"/);
  });

  for (const choice of ['tuned', 'plain']) {
    it(`does not choose ${choice} before it was built`, async () => {
      const { status, text } = await engine(['use', choice]);
      assert.equal(status, 1);
      assert.match(text, /Try: npx potluck engine build/);
    });
  }

  for (const args of [
    ['use'],
    ['use', 'fastest'],
    ['use', 'tuned', 'plain'],
    ['destroy'],
    ['--verbose'],
    ['build', 'x'],
  ]) {
    it(`refuses "${args.join(' ')}" with what is allowed`, async () => {
      const { status, text } = await engine(args);
      assert.equal(status, 2);
      assert.match(text, /Usage: potluck engine/);
    });
  }
});

describe('kernelSegments', () => {
  it('knows since when Linux can', () => {
    const can = ['linux 4.18.0', 'linux 5.4.0-1', 'linux 6.18.44'];
    const cannot = ['linux 4.17.9', 'linux 3.10.0-1160.el7', 'darwin 23.1.0', ''];
    assert.deepEqual(can.map(kernelSegments), [true, true, true]);
    assert.deepEqual(cannot.map(kernelSegments), [false, false, false, false]);
  });
});
