import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeRtpParameters, settle } from '@potluck/testkit';
import { enterOwn, startSessions } from './testing.ts';

/** Ann sends. Whoever comes later waits for a turn. */
async function start() {
  const { fabric, open } = startSessions();
  const ann = await open('ann', 'potluck');
  const { welcome } = await enterOwn(ann, 'Ann');
  const room = fabric.room('r');
  const turns: { consumers: number; begin: () => void }[] = [];
  room.inTurn = async (_transportId, consumers, work) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    turns.push({ consumers, begin: resolve });
    await promise;
    await work();
  };
  const bob = await open('bob', 'potluck');
  return { room, turns, ann, bob, annSendsOn: welcome.sendTransport?.id };
}

describe('Consumers that are opened in turn', () => {
  it('are asked for when it is their turn, all of a client at once', async () => {
    const { room, turns, ann, bob, annSendsOn } = await start();
    assert.ok(annSendsOn);
    await ann.request('produce', {
      transportId: annSendsOn,
      kind: 'audio',
      rtpParameters: fakeRtpParameters('audio'),
    });
    await enterOwn(bob, 'Bob');
    const [forBob] = turns.filter(({ consumers }) => consumers === 2);
    assert.ok(forBob);
    assert.equal(room.calls.count('consume'), 0);
    forBob.begin();
    await settle();
    assert.equal(room.calls.count('consume'), 2);
    assert.equal(bob.notices('consumersOpened').length, 1);
  });

  it('are not asked for where the client receives nothing any more by then', async () => {
    const { room, turns, bob } = await start();
    const { welcome } = await enterOwn(bob, 'Bob');
    const transportId = welcome.receiveTransport?.id;
    assert.ok(transportId);
    await bob.request('closeTransport', { transportId });
    for (const { begin } of turns) begin();
    await settle();
    const asked = room.calls.list.filter(({ method, args }) => method === 'consume' && args[0] === transportId);
    assert.equal(asked.length, 0);
  });
});
