import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerId, ProducerId, TransportId, type Source } from '@potluck/protocol';
import { FakeClock } from '@potluck/testkit';
import { FloorControl } from './floor-control.ts';
import type { Publication } from './publication.ts';

function microphone(name: string, source: Source = 'microphone'): Publication {
  return {
    id: ProducerId.parse(name),
    peerId: PeerId.parse(name),
    transportId: TransportId.parse('t'),
    kind: 'audio',
    type: 'simple',
    mimeType: 'audio/opus',
    source,
    appData: {},
    paused: false,
  };
}

function roomOf(...names: string[]) {
  const clock = new FakeClock();
  const floor = new FloorControl(2, clock);
  const told: string[] = [];
  floor.events.on('heard', ({ id }, heard) => void told.push(`${heard ? '+' : '-'}${id}`));
  const all = new Map(names.map((name) => [name, microphone(name)]));
  for (const one of all.values()) floor.add(one);
  clock.advance(10_000);
  told.length = 0;
  const get = (name: string) => all.get(name) ?? assert.fail(name);
  const holders = () => [...floor.holders].toSorted();
  const loud = (...who: string[]) => floor.hear(who.map((name) => ({ producerId: get(name).id, volume: -30 })));
  return { clock, floor, told, get, holders, loud };
}

describe('FloorControl', () => {
  it('tells who gains and who loses a place when somebody without one speaks', () => {
    const { floor, told, holders, loud } = roomOf('ann', 'bob', 'cyd');
    assert.deepEqual(holders(), ['ann', 'bob']);
    loud('ann');
    loud('cyd');
    assert.deepEqual(told, ['-bob', '+cyd']);
    floor.hear([{ producerId: ProducerId.parse('bob'), volume: -70 }]);
    assert.deepEqual(holders(), ['ann', 'cyd'], 'a noise is no voice');
  });

  it('believes who says that it speaks at once, and for a while no longer if nothing is heard', () => {
    const { clock, floor, told, holders, loud, get } = roomOf('ann', 'bob', 'cyd');
    loud('ann');
    floor.claim(get('cyd').id);
    assert.deepEqual(told, ['-bob', '+cyd']);
    clock.advance(2500);
    loud('bob');
    assert.deepEqual(holders(), ['ann', 'bob'], 'cyd was never heard');
    clock.advance(4000);
    floor.claim(get('cyd').id);
    assert.deepEqual(holders(), ['ann', 'bob'], 'cyd is not believed yet');
    clock.advance(7000);
    floor.claim(get('cyd').id);
    assert.ok(floor.holders.has(get('cyd').id));
  });

  it('keeps the place of one that was heard after it claimed', () => {
    const { clock, floor, holders, loud, get } = roomOf('ann', 'bob', 'cyd');
    loud('ann');
    floor.claim(get('cyd').id);
    clock.advance(500);
    loud('cyd');
    clock.advance(2800);
    loud('bob');
    assert.deepEqual(holders(), ['bob', 'cyd'], 'ann was silent for longest');
  });

  it('does not listen to the claim of a muted microphone', () => {
    const { floor, told, get } = roomOf('ann', 'bob', 'cyd');
    get('cyd').paused = true;
    floor.pauseChanged(get('cyd'));
    floor.claim(get('cyd').id);
    assert.deepEqual(told, []);
  });

  it('makes place for whoever unmutes', () => {
    const { clock, floor, told, get } = roomOf('ann', 'bob', 'cyd');
    get('cyd').paused = true;
    floor.pauseChanged(get('cyd'));
    clock.advance(60_000);
    get('cyd').paused = false;
    floor.pauseChanged(get('cyd'));
    assert.deepEqual(told, ['-bob', '+cyd']);
  });

  it('keeps the place of a microphone that moves to another transport', () => {
    const { floor, holders, get } = roomOf('ann', 'bob', 'cyd');
    floor.replace(get('bob').id, microphone('bob-2'));
    assert.deepEqual(holders(), ['ann', 'bob-2']);
    floor.remove(get('ann').id);
    assert.deepEqual(holders(), ['bob-2', 'cyd']);
  });

  it('has nothing to do with the sound of a screen', () => {
    const { floor, holders } = roomOf('ann', 'bob');
    floor.add(microphone('film', 'screen-audio'));
    assert.deepEqual(holders(), ['ann', 'bob']);
  });
});
