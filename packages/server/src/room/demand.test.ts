import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerId, ProducerId, TransportId } from '@potluck/protocol';
import { FakeClock, settle } from '@potluck/testkit';
import { DemandControl, wantsAll, wantsNothing, type Demand } from './demand.ts';
import type { Publication } from './publication.ts';

const camera: Publication = {
  id: ProducerId.parse('camera'),
  peerId: PeerId.parse('ann'),
  transportId: TransportId.parse('t'),
  kind: 'video',
  type: 'simulcast',
  mimeType: 'video/vp8',
  source: 'camera',
  appData: {},
  paused: false,
};

function sender() {
  const clock = new FakeClock();
  const demand = new DemandControl<string>(clock);
  const told: Demand[] = [];
  demand.events.on('demandChanged', (_, wanted) => void told.push(wanted));
  const wants = new Map<string, Demand>();
  const set = async (who: string, wanted: Demand) => {
    if (!wants.has(who)) demand.follow(who, () => wants.get(who) ?? wantsNothing);
    wants.set(who, wanted);
    demand.touch(camera.id);
    await settle();
  };
  return { clock, demand, told, set };
}

describe('DemandControl', () => {
  it('tells after a while that nobody gets a video, and at once that somebody does', async () => {
    const { clock, demand, told, set } = sender();
    demand.add(camera);
    await settle();
    clock.advance(3999);
    assert.deepEqual(told, []);
    clock.advance(1);
    assert.deepEqual(told, [wantsNothing]);
    await set('bob', 0);
    assert.deepEqual(told, [wantsNothing, 0]);
  });

  it('wants a video in full while somebody is on the way in, and no longer than a while', async () => {
    const { clock, demand, told } = sender();
    const second = { ...camera, id: ProducerId.parse('second') };
    demand.add(camera);
    demand.add(second);
    await settle();
    clock.advance(4000);
    assert.deepEqual(told, [wantsNothing, wantsNothing]);
    demand.expect(1);
    assert.deepEqual(told.slice(2), [wantsAll]);
    await settle();
    clock.advance(3000);
    demand.expect(1);
    await settle();
    clock.advance(3999);
    assert.deepEqual(told.slice(3), []);
    clock.advance(1);
    assert.deepEqual(told.slice(3), [wantsNothing]);
  });

  it('tells the most that anybody gets', async () => {
    const { clock, demand, told, set } = sender();
    demand.add(camera);
    await set('bob', 1);
    await set('cyd', 0);
    clock.advance(10_000);
    await set('dan', wantsAll);
    demand.unfollow('dan');
    await settle();
    clock.advance(10_000);
    assert.deepEqual(told, [1, wantsAll, 1]);
  });

  it('says nothing of what lasts for a moment only', async () => {
    const { clock, demand, told, set } = sender();
    await set('bob', 2);
    demand.add(camera);
    await set('bob', wantsAll);
    await set('bob', 0);
    clock.advance(3000);
    await set('bob', wantsAll);
    clock.advance(10_000);
    assert.deepEqual(told, []);
  });

  it('has no timer left for what is gone', async () => {
    const { clock, demand, told } = sender();
    demand.add(camera);
    await settle();
    demand.remove(camera.id);
    assert.equal(clock.waiting, 0);
    demand.add(camera);
    await settle();
    demand.close();
    clock.advance(10_000);
    assert.deepEqual([told, clock.waiting], [[], 0]);
  });
});
