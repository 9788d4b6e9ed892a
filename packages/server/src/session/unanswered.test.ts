import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settle } from '@potluck/testkit';
import { enterOwn, joinV3, startSessions } from './testing.ts';

/** Ann sends; Bob is offered it. */
async function start() {
  const { fabric, clock, open } = startSessions();
  const ann = await open('ann', 'potluck');
  const { producerId } = await enterOwn(ann, 'Ann');
  const bob = await open('bob', 'potluck');
  await enterOwn(bob, 'Bob');
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  const offered = () =>
    bob
      .notices('consumersOpened')
      .flatMap(({ consumers }) => consumers)
      .filter((one) => one.producerId === producerId)
      .map(({ id }) => id);
  return { fabric, room: fabric.room('r'), clock, open, bob, producerId, pass, offered };
}

describe('A consumer that its client does not answer', () => {
  it('is offered again as another one, and the old one is over', async () => {
    const { room, bob, pass, offered } = await start();
    const [first] = offered();
    await pass(7900);
    assert.equal(offered().length, 1, 'it has its time');
    await pass(200);
    const [, second] = offered();
    assert.ok(first && second && first !== second);
    assert.deepEqual([room.consumers.has(first), room.consumers.has(second)], [false, true]);
    await bob.request('resumeConsumers', { consumerIds: [first, second] });
    await settle();
    assert.deepEqual(
      bob.notices('consumerClosed'),
      [{ consumerId: first }],
      'an answer that comes late is told the truth',
    );
    assert.equal(room.consumers.get(second)?.paused, false);
    await pass(60_000);
    assert.equal(offered().length, 2, 'what is answered stays');
  });

  it('is left alone after some attempts', async () => {
    const { pass, offered } = await start();
    for (let round = 0; round < 20; round++) await pass(20_000);
    assert.equal(offered().length, 4);
  });

  it('waits for a client whose socket is lost', async () => {
    const { bob, pass, offered } = await start();
    bob.cut();
    await pass(3500);
    await pass(10_000);
    assert.equal(offered().length, 1);
  });

  it('is a matter of requests for v3 clients: they are asked once', async () => {
    const { open, room, pass } = await start();
    const carl = await open('carl', 'v3');
    await joinV3(carl, 'Carl');
    const before = room.consumers.size;
    await pass(9000);
    assert.equal(room.consumers.size, before);
  });
});
