import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { openV3 } from '@potluck/testkit/v3-client';
import { openTrialServer } from '../../packages/server/src/cli/chaos/server.ts';
import { exitAfterTests, fakeCamera, watchVideo } from '../sdk/runtime.ts';
import { openMediaPeer } from '../v3/media-peer.ts';

/** protoo-client tries again after a second; the demo's page then joins anew. */
const protooRetryMs = 1000;

after(exitAfterTests);

describe('A worker that dies under v3 clients', () => {
  it('ends their sockets with 4001, and they are back with media soon after they reconnect', async (t) => {
    const server = await openTrialServer({ workers: 2, standby: true });
    using camera = fakeCamera();
    const join = async (peerId: string) => {
      const peer = await openMediaPeer(
        await openV3(`wss://localhost:${server.app.httpsPort}`, { roomId: 'kitchen', peerId }),
      );
      await peer.produce(camera.track);
      return peer;
    };
    try {
      const peers = [await join('alice'), await join('bob')] as const;
      using before = watchVideo((await peers[1].consumerOf('alice', 'video')).track);
      await waitFor(() => before.frames > 5, { what: 'a picture' });
      const busy = server.app.fabric.workers().find(({ consumers }) => consumers > 0);
      const killedAt = performance.now();
      process.kill(busy!.pid!, 'SIGKILL');
      const ends = await Promise.all(peers.map(({ client }) => client.ended()));
      assert.deepEqual(
        ends.map(({ code }) => code),
        [4001, 4001],
      );
      await new Promise((resolve) => setTimeout(resolve, protooRetryMs));
      const [, again] = await Promise.all([join('alice'), join('bob')]);
      using seen = watchVideo((await again.consumerOf('alice', 'video')).track);
      await waitFor(() => seen.frames > 0, { what: 'a picture again' });
      const backMs = performance.now() - killedAt;
      t.diagnostic(`back with a picture after ${Math.round(backMs)} ms`);
      assert.ok(backMs < 10_000, `back after ${backMs} ms`);
      for (const peer of peers) peer.close();
      again.close();
    } finally {
      await server.close();
    }
  });
});
