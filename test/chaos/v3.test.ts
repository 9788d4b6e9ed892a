import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { openTrialServer } from '../../packages/server/src/cli/chaos/server.ts';
import { exitAfterTests } from '../sdk/runtime.ts';
import { V3Pair } from './v3-pair.ts';

after(exitAfterTests);

describe('A worker that dies under v3 clients', () => {
  it('ends their sockets with 4001, and they are back with media soon after they reconnect', async (t) => {
    const server = await openTrialServer({ workers: 2, standby: true });
    const pair = new V3Pair(server);
    try {
      await pair.enter();
      const { codes, soundMs, pictureMs } = await pair.kill();
      assert.deepEqual(codes, [4001, 4001]);
      t.diagnostic(`sound after ${Math.round(soundMs)} ms, picture after ${Math.round(pictureMs)} ms`);
      assert.ok(soundMs <= 4000 && pictureMs <= 4000, `sound after ${soundMs} ms, picture after ${pictureMs} ms`);
    } finally {
      pair.close();
      await server.close();
    }
  });
});
