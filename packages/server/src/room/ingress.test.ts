import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RoomId } from '@potluck/protocol';
import { settle } from '@potluck/testkit';
import { enterOwn, startSessions } from '../session/testing.ts';
import { attachIngressLimit } from './ingress.ts';

const maxBitrate = 6_000_000;

async function start() {
  const { open, fabric, registry, clock } = startSessions();
  const ann = await open('ann', 'potluck');
  const { welcome } = await enterOwn(ann, 'Ann');
  const room = registry.get(RoomId.parse('r'));
  assert.ok(room && welcome.sendTransport);
  const media = fabric.room('r');
  const { id } = welcome.sendTransport;
  media.events.emit('transportConnected', { transportId: id });
  attachIngressLimit(room, maxBitrate);
  const look = async (recvBitrate: number) => {
    media.transportStats.set(id, { recvBitrate });
    clock.advance(10_000);
    await settle();
  };
  return { ann, room, clock, look };
}

describe('what a client may send', () => {
  it('is enforced when it sends twice as much for twenty seconds', async () => {
    const { ann, room, look } = await start();
    await look(2.1 * maxBitrate);
    assert.equal(room.members.size, 1);
    await look(2.1 * maxBitrate);
    assert.equal(room.members.size, 0);
    assert.deepEqual(ann.notices('sessionEnding'), [
      { reason: 'kicked', message: 'you sent more than 6000000 bits a second' },
    ]);
  });

  it('may be overshot for a moment, and a little for long', async () => {
    const { room, look } = await start();
    for (const factor of [3, 1, 3, 0, 1.9, 1.9, 1.9]) await look(factor * maxBitrate);
    assert.equal(room.members.size, 1);
  });

  it('is no longer looked at when the room is closed', async () => {
    const { room, clock } = await start();
    room.close('over');
    await settle();
    assert.equal(clock.waiting, 0);
  });
});
