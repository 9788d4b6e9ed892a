import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerId, ProducerId, TransportId } from '@potluck/protocol';
import { FakeClock } from '@potluck/testkit';
import type { Publication } from './publication.ts';
import { Starts } from './starts.ts';

const picture = (changes: Partial<Publication> = {}): Publication => ({
  id: ProducerId.parse('p'),
  peerId: PeerId.parse('ann'),
  transportId: TransportId.parse('t'),
  kind: 'video',
  type: 'simple',
  mimeType: 'video/vp8',
  source: 'camera',
  appData: {},
  paused: false,
  follows: 'before' as ProducerId,
  ...changes,
});

describe('Starts', () => {
  it('begins together as soon as all are there, and whoever comes later at once', () => {
    const starts = new Starts(new FakeClock());
    const publication = picture();
    const begun: number[] = [];
    starts.add(
      publication,
      () => 2,
      () => begun.push(1),
    );
    assert.equal(begun.length, 0);
    starts.add(
      publication,
      () => 2,
      () => begun.push(2),
    );
    starts.add(
      publication,
      () => 2,
      () => begun.push(3),
    );
    assert.deepEqual(begun, [1, 2, 3]);
  });

  it('does not wait for those who do not come', () => {
    const clock = new FakeClock();
    const starts = new Starts(clock);
    const begun: number[] = [];
    starts.add(
      picture(),
      () => 5,
      () => begun.push(1),
    );
    clock.advance(120);
    assert.deepEqual(begun, [1]);
  });

  it('holds a picture back until its receivers have begun, or for a second', () => {
    const clock = new FakeClock();
    const starts = new Starts(clock);
    const [seen, unseen] = [picture(), picture()];
    const begun: string[] = [];
    starts.hold(seen, () => begun.push('flows'));
    starts.hold(unseen, () => begun.push('flows unseen'));
    clock.advance(500);
    starts.add(
      seen,
      () => 2,
      () => begun.push('first'),
    );
    clock.advance(119);
    assert.deepEqual(begun, []);
    clock.advance(1);
    assert.deepEqual(begun, ['first', 'flows']);
    clock.advance(400);
    assert.deepEqual(begun, ['first', 'flows', 'flows unseen']);
    assert.equal(clock.waiting, 0);
  });

  it('does not let a picture flow before the engine knows its layers', () => {
    const clock = new FakeClock();
    const starts = new Starts(clock);
    const publication = picture();
    const begun: string[] = [];
    starts.hold(publication, () => begun.push('flows'));
    clock.advance(10);
    starts.add(
      publication,
      () => 1,
      () => begun.push('first'),
    );
    clock.advance(169);
    assert.deepEqual(begun, []);
    clock.advance(1);
    assert.deepEqual(begun, ['first', 'flows']);
  });

  it('does not hold back sound, nor what did not move', () => {
    const starts = new Starts(new FakeClock());
    const begun: string[] = [];
    starts.add(
      picture({ kind: 'audio' }),
      () => 5,
      () => begun.push('sound'),
    );
    const { follows: _, ...fresh } = picture();
    starts.add(
      fresh,
      () => 5,
      () => begun.push('fresh'),
    );
    assert.deepEqual(begun, ['sound', 'fresh']);
  });
});
