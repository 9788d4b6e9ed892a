import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@potluck/testkit';
import { Interrupt } from './interrupt.ts';

describe('Interrupt', () => {
  it('takes signals that come together for one, and a later one for impatience', () => {
    const clock = new FakeClock();
    let ended = 0;
    const interrupt = new Interrupt(() => (ended += 1), clock);
    assert.equal(interrupt.signal.aborted, false);
    interrupt.hear();
    clock.advance(100);
    interrupt.hear();
    assert.deepEqual([interrupt.signal.aborted, ended], [true, 0]);
    clock.advance(300);
    interrupt.hear();
    assert.equal(ended, 1);
  });
});
