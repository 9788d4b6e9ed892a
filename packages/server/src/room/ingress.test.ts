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
  const look = async (recvBitrate: number, rtpRecvBitrate = 0) => {
    media.transportStats.set(id, { recvBitrate, rtpRecvBitrate });
    clock.advance(10_000);
    await settle();
  };
  const openChannel = async () => {
    const sctpStreamParameters = { streamId: 0, ordered: true };
    await ann.request('produceData', { transportId: id, sctpStreamParameters, label: 'file', appData: {} });
  };
  return { ann, room, clock, look, openChannel };
}

describe('what a client may send', () => {
  it('is enforced when it sends twice as much for twenty seconds', async () => {
    const { ann, room, look } = await start();
    await look(2.1 * maxBitrate);
    assert.equal(room.members.size, 1);
    await look(2.1 * maxBitrate);
    assert.equal(room.members.size, 0);
    assert.deepEqual(ann.notices('sessionEnding'), [
      { reason: 'kicked', message: 'you sent more than 6000000 bits of media a second' },
    ]);
  });

  it('may be overshot for a moment, and a little for long', async () => {
    const { room, look } = await start();
    for (const factor of [3, 1, 3, 0, 1.9, 1.9, 1.9]) await look(factor * maxBitrate);
    assert.equal(room.members.size, 1);
  });

  it('may be a file, as fast as the line takes it, beside pictures and sound', async () => {
    const { room, look, openChannel } = await start();
    await openChannel();
    for (let n = 0; n < 5; n++) await look(80_000_000, maxBitrate);
    assert.equal(room.members.size, 1);
  });

  it('is no more media for who has a data channel, and not anything on that', async () => {
    for (const [all, media, why] of [
      [13 * maxBitrate, 2.1 * maxBitrate, 'you sent more than 6000000 bits of media a second'],
      [200_000_000, maxBitrate, 'you sent more than 160000000 bits of data a second'],
    ] as const) {
      const { ann, look, openChannel } = await start();
      await openChannel();
      await look(all, media);
      await look(all, media);
      assert.deepEqual(ann.notices('sessionEnding'), [{ reason: 'kicked', message: why }]);
    }
  });

  it('is no longer looked at when the room is closed', async () => {
    const { room, clock } = await start();
    room.close('over');
    await settle();
    assert.equal(clock.waiting, 0);
  });
});
