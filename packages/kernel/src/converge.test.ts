import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock, settle } from '@potluck/testkit';
import { Converger } from './converge.ts';

describe('Converger', () => {
  function start(pass: () => Promise<void>, begin?: (pass: () => void) => void) {
    const errors: unknown[] = [];
    const clock = new FakeClock();
    const converger = new Converger({
      pass,
      report: (error) => errors.push(error),
      clock,
      firstRetryMs: 100,
      ...(begin && { begin }),
    });
    return { converger, errors, clock };
  }

  it('sees changes of one moment in one pass, and those during a pass in one more', async () => {
    let passes = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const { converger } = start(async () => {
      passes += 1;
      await promise;
    });
    for (let n = 0; n < 5; n += 1) converger.poke();
    await settle();
    assert.equal(passes, 1);
    for (let n = 0; n < 5; n += 1) converger.poke();
    resolve();
    await settle();
    assert.equal(passes, 2);
  });

  it('begins when it is told to', async () => {
    let passes = 0;
    const begins: (() => void)[] = [];
    const { converger } = start(
      async () => void (passes += 1),
      (pass) => begins.push(pass),
    );
    converger.poke();
    await settle();
    assert.equal(passes, 0);
    begins[0]?.();
    await settle();
    assert.equal(passes, 1);
  });

  it('does not begin after it was closed', async () => {
    let passes = 0;
    const { converger } = start(async () => void (passes += 1), setImmediate);
    converger.poke();
    converger.close();
    await settle();
    assert.equal(passes, 0);
  });

  it('repeats what failed, later', async () => {
    let passes = 0;
    const { converger, errors, clock } = start(async () => {
      passes += 1;
      if (passes === 1) throw new Error('not yet');
    });
    converger.poke();
    await settle();
    assert.deepEqual([passes, errors.length], [1, 1]);
    clock.advance(10_000);
    await settle();
    assert.deepEqual([passes, clock.waiting], [2, 0]);
  });
});
