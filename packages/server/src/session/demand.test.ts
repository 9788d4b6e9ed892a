import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProducerId } from '@potluck/protocol';
import { settle } from '@potluck/testkit';
import { enterOwn, joinV3, startSessions } from './testing.ts';

describe('A sender of our own dialect', () => {
  it('is told what of its video anybody gets: views by their size, v3 clients and broadcasters all of it', async () => {
    const { open, clock, registry } = startSessions();
    const ann = await open('ann', 'potluck');
    const bob = await open('bob', 'potluck');
    const { producerId } = await enterOwn(ann, 'Ann');
    const wanted = () => ann.notices('producerDemand').map(({ spatialLayer }) => spatialLayer);
    clock.advance(5000);
    await settle();
    assert.deepEqual(wanted(), [null], 'nobody is there');
    await enterOwn(bob, 'Bob');
    assert.deepEqual(wanted(), [null, 15], 'without a view, everything');
    await bob.request('setView', { video: [] });
    await settle();
    clock.advance(5000);
    await settle();
    assert.deepEqual(wanted(), [null, 15, null]);
    assert.equal(ann.notices('producerDemand')[0]?.producerId, producerId);

    const old = await open('old', 'v3');
    assert.equal(wanted().at(-1), 15, 'somebody is on the way in');
    await joinV3(old, 'Old');
    assert.equal(wanted().at(-1), 15);
    old.cut();
    await settle();
    clock.advance(5000);
    await settle();
    assert.equal(wanted().at(-1), null);

    // As a broadcaster does that has asked for it.
    const room = [...registry.rooms.values()][0] ?? assert.fail('no room');
    room.demand.follow([...room.members.values()][0] ?? assert.fail('no member'), () => 1);
    room.demand.touch(ProducerId.parse(producerId));
    await settle();
    assert.equal(wanted().at(-1), 1);
  });

  it('hears nothing of sound, and v3 senders hear nothing at all', async () => {
    const { open, clock } = startSessions();
    const old = await open('old', 'v3');
    await joinV3(old, 'Old');
    await settle();
    clock.advance(10_000);
    assert.ok(!old.names().includes('producerDemand'));
  });
});
