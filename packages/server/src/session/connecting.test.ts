import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DtlsParameters, TransportId } from '@potluck/protocol';
import { settle } from '@potluck/testkit';
import { enterOwn, joinV3, startSessions } from './testing.ts';

/** What testing.ts sets. */
const withinMs = 120_000;
const dtlsParameters: DtlsParameters = { fingerprints: [{ algorithm: 'sha-256', value: '00' }] };

async function start() {
  const { open, fabric, clock } = startSessions();
  const ann = await open('ann', 'potluck');
  const { welcome } = await enterOwn(ann, 'Ann');
  const room = fabric.room('r');
  const transportId = welcome.sendTransport?.id as TransportId;
  const connect = (client: typeof ann, id: TransportId) =>
    client.request('connectWebRtcTransport', { transportId: id, dtlsParameters });
  return { open, clock, room, ann, transportId, connect };
}

describe('a transport', () => {
  it('is closed when it does not connect in time, and our own client is told that it is lost', async () => {
    const { clock, room, ann, transportId, connect } = await start();
    await connect(ann, transportId);
    clock.advance(withinMs - 1);
    assert.equal(room.transports.has(transportId), true);
    clock.advance(1);
    await settle();
    assert.equal(room.transports.has(transportId), false);
    assert.deepEqual(ann.notices('transportFailed'), [{ transportId, reason: 'not connected in time', lost: true }]);
  });

  it('stays when it connects, and has its time anew after an ICE restart before that', async () => {
    const { clock, room, ann, transportId, connect } = await start();
    await connect(ann, transportId);
    clock.advance(withinMs - 1);
    await ann.request('restartIce', { transportId });
    clock.advance(withinMs - 1);
    room.events.emit('transportConnected', { transportId });
    clock.advance(2 * withinMs);
    assert.equal(room.transports.has(transportId), true);
  });

  it('that its owner never began to connect is left alone, as clients of v3 do it', async () => {
    const { clock, room, open } = await start();
    const bob = await open('bob', 'v3');
    const { transportId } = await joinV3(bob, 'Bob');
    room.events.emit('transportConnected', { transportId });
    const before = room.transports.size;
    clock.advance(100 * withinMs);
    assert.equal(room.transports.size, before);
  });

  it('of a v3 client is closed without ending its session', async () => {
    const { clock, room, open } = await start();
    const bob = await open('bob', 'v3');
    const { transportId } = await joinV3(bob, 'Bob');
    clock.advance(withinMs);
    await settle();
    assert.equal(room.transports.has(transportId), false);
    assert.ok(await bob.request('getRouterRtpCapabilities', {}));
  });

  it('is waited for no longer than its owner is there', async () => {
    const { clock, ann, transportId, connect } = await start();
    const before = clock.waiting;
    await connect(ann, transportId);
    assert.equal(clock.waiting, before + 1);
    await ann.request('leave', {});
    clock.advance(1);
    await settle();
    assert.equal(clock.waiting, 0);
  });
});
