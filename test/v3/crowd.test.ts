/** 100 signalling clients that join one room at once, each producing audio and video (issue 2). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { waitFor } from '@potluck/testkit';
import { startServer, type TestServer } from '@potluck/testkit/server';
import { joinV3, openV3, type JoinedV3 } from '@potluck/testkit/v3-client';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const counts = ({ app }: TestServer) => ({
  rooms: app.registry.rooms.size,
  ...app.fabric.workers().reduce(
    (sum, { routers, transports, producers, consumers }) => ({
      routers: sum.routers + routers,
      transports: sum.transports + transports,
      producers: sum.producers + producers,
      consumers: sum.consumers + consumers,
    }),
    { routers: 0, transports: 0, producers: 0, consumers: 0 },
  ),
});

/** Timers of the whole process that still wait, the ones of the test's own waiting not counted. */
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

async function crowd(server: TestServer, size: number, roomId: string): Promise<JoinedV3[]> {
  return Promise.all(
    Array.from({ length: size }, async (_, n) => {
      const peer = await joinV3(await openV3(server.wss, { roomId, peerId: `peer-${n}` }));
      await Promise.all([peer.produce('audio'), peer.produce('video')]);
      return peer;
    }),
  );
}

async function expectAll(peers: JoinedV3[]): Promise<void> {
  for (const { client } of peers) {
    const wanted = 2 * (peers.length - 1);
    const offers = await client.hearAll('newConsumer', wanted, 60_000);
    assert.equal(offers.length, wanted);
    assert.equal(new Set(offers.map(({ producerId }) => producerId)).size, wanted, `${client.peerId}: nothing twice`);
    assert.equal(new Set(offers.map(({ id }) => id)).size, wanted);
    assert.equal(
      new Set(offers.map(({ peerId }) => peerId)).size,
      peers.length - 1,
      `${client.peerId}: nobody missing`,
    );
  }
}

async function everybodyLeaves(server: TestServer, peers: JoinedV3[]): Promise<void> {
  await Promise.all(peers.map(({ client }) => client.leave()));
  await waitFor(() => Object.values(counts(server)).every((count) => count === 0), {
    what: () => `nothing left, but there is ${JSON.stringify(counts(server))}`,
  });
}

describe('a crowd of 100 v3 clients', () => {
  it('gets everything, nothing twice, and leaves nothing behind', async (t) => {
    await using server = await startServer({ media: { workers: 2 } });
    assert.deepEqual(counts(server), { rooms: 0, routers: 0, transports: 0, producers: 0, consumers: 0 });
    const timersBefore = timers();

    const started = performance.now();
    const peers = await crowd(server, 100, 'crowd');
    await expectAll(peers);
    t.diagnostic(
      `100 peers had all of their 19,800 consumers after ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
    await Promise.all(peers.map(({ client }) => client.settle()));
    await expectAll(peers);
    await everybodyLeaves(server, peers);
    await waitFor(() => timers() <= timersBefore, {
      what: () => `${timersBefore} timers, as before; there are ${timers()}`,
    });
  });

  it('gives its memory back', async (t) => {
    await using server = await startServer();
    // What is made once for good is made before the measuring begins.
    await everybodyLeaves(server, await crowd(server, 10, 'warm-up'));
    const heap = () => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = heap();
    for (let round = 0; round < 3; round += 1) {
      const peers = await crowd(server, 25, 'room');
      await expectAll(peers);
      await everybodyLeaves(server, peers);
      peers.length = 0;
    }
    await waitFor(() => heap() < before * 1.1, {
      what: () => `the heap within 10 % of ${before} bytes; it is ${heap()}`,
      everyMs: 200,
      timeoutMs: 15_000,
    });
    t.diagnostic(
      `heap ${(before / 1e6).toFixed(1)} MB before, ${(heap() / 1e6).toFixed(1)} MB after three rooms of 25`,
    );
  });
});
