import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@potluck/testkit';
import { ReceiveFirst } from './receive-first.ts';

function build() {
  const clock = new FakeClock();
  const seen: string[] = [];
  return { clock, seen, first: new ReceiveFirst(clock), act: () => void seen.push('acted') };
}

describe('ReceiveFirst', () => {
  it('holds nothing up while nothing is expected', () => {
    const { clock, seen, first, act } = build();
    first.after(act, 100);
    first.expect();
    first.release();
    first.after(act, 100);
    assert.deepEqual([seen, clock.waiting], [['acted', 'acted'], 0]);
  });

  it('lets what others send go first, and acts once, in order', () => {
    const { clock, seen, first, act } = build();
    first.expect();
    first.after(act, 100);
    first.after(() => seen.push('acted after it'), 100);
    assert.deepEqual(seen, []);
    first.release();
    first.release();
    assert.deepEqual([seen, clock.waiting], [['acted', 'acted after it'], 0]);
  });

  it('waits no longer than it is told', () => {
    const { clock, seen, first, act } = build();
    first.expect();
    first.after(act, 100);
    clock.advance(99);
    assert.deepEqual(seen, []);
    clock.advance(1);
    first.release();
    assert.deepEqual(seen, ['acted']);
  });

  it('forgets what is not wanted any more', () => {
    const { clock, seen, first, act } = build();
    first.expect();
    const forget = first.after(act, 100);
    forget();
    first.release();
    clock.advance(1000);
    assert.deepEqual([seen, clock.waiting], [[], 0]);
  });
});
