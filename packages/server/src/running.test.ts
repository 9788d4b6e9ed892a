import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock, settle } from '@potluck/testkit';
import { Running } from './running.ts';

describe('Running', () => {
  function started() {
    const clock = new FakeClock();
    const exits: number[] = [];
    const closing = Promise.withResolvers<void>();
    const reasons: string[] = [];
    const running = new Running((code) => exits.push(code), clock);
    running.started({
      close: (reason) => {
        reasons.push(reason);
        return closing.promise;
      },
    });
    return { clock, exits, closing, reasons, running };
  }

  it('ends in order with code 0 on the first signal', async () => {
    const { running, exits, closing, clock } = started();
    running.stop('SIGTERM');
    assert.deepEqual(exits, []);
    closing.resolve();
    await settle();
    assert.deepEqual([exits, clock.waiting], [[0], 0]);
  });

  it('takes two signals that come together for one, and a later one for impatience', () => {
    const { running, exits, clock, reasons } = started();
    running.stop('SIGINT');
    running.stop('SIGINT');
    clock.advance(399);
    running.stop('SIGINT');
    assert.deepEqual(exits, []);
    clock.advance(1);
    running.stop('SIGINT');
    assert.deepEqual([exits, reasons], [[130], ['the server restarts']]);
  });

  it('exits with 143 for a second SIGTERM', () => {
    const { running, exits, clock } = started();
    running.stop('SIGTERM');
    clock.advance(1_000);
    running.stop('SIGTERM');
    assert.deepEqual(exits, [143]);
  });

  it('exits with 1 when the end takes too long or fails', async () => {
    const slow = started();
    slow.running.stop('SIGTERM');
    slow.clock.advance(4_500);
    assert.deepEqual(slow.exits, [1]);
    const failing = started();
    failing.running.stop('SIGTERM');
    failing.closing.reject(new Error('x'));
    await settle();
    assert.deepEqual(failing.exits, [1]);
  });

  it('ends in order, but with code 1, after an uncaught error; a rejection is only logged', async () => {
    const { running, exits, closing, reasons } = started();
    running.report(new Error('nobody waited'));
    assert.deepEqual(reasons, []);
    running.fail(new Error('thrown'));
    closing.resolve();
    await settle();
    assert.deepEqual(exits, [1]);
  });

  it('exits at once while starting', () => {
    const exits: number[] = [];
    const running = new Running((code) => exits.push(code));
    running.stop('SIGINT');
    assert.deepEqual(exits, [130]);
  });
});
