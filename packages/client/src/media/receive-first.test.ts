import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@potluck/testkit';
import { ReceiveFirst } from './receive-first.ts';

function build() {
  const clock = new FakeClock();
  const seen: string[] = [];
  return { clock, seen, first: new ReceiveFirst(clock), start: () => void seen.push('sending') };
}

describe('ReceiveFirst', () => {
  it('sends at once to a server that is far away', () => {
    const { clock, seen, first, start } = build();
    first.begin(start, 300);
    assert.deepEqual([seen, clock.waiting], [['sending'], 0]);
  });

  it('lets what others send go first near the server, and sends once', () => {
    const { clock, seen, first, start } = build();
    first.begin(start, 12);
    assert.deepEqual(seen, []);
    first.release();
    first.release();
    assert.deepEqual([seen, clock.waiting], [['sending'], 0]);
  });

  it('waits for a tenth of a second at most', () => {
    const { clock, seen, first, start } = build();
    first.begin(start, 12);
    clock.advance(99);
    assert.deepEqual(seen, []);
    clock.advance(1);
    assert.deepEqual(seen, ['sending']);
  });

  it('forgets what waits when it begins anew or closes', () => {
    const { clock, seen, first, start } = build();
    first.begin(() => seen.push('the transport of before'), 12);
    first.begin(start, 12);
    first.close();
    first.release();
    clock.advance(1000);
    assert.deepEqual(seen, []);
  });
});
