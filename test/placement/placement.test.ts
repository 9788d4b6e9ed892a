import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulate } from '../../bench/placement/simulate.ts';

/** The real decision, on virtual load: `node bench/placement/table.ts` shows all of it. */
describe('placement of one room', () => {
  it('keeps a small meeting on one worker, however many there are', () => {
    for (const [peers, workers] of [
      [2, 2],
      [10, 8],
      [50, 64],
    ] as const) {
      const { used, pipes } = simulate(peers, workers);
      assert.deepEqual({ used, pipes }, { used: 1, pipes: 0 }, `${peers} peers on ${workers} workers`);
    }
  });

  it('uses as many workers as its load asks for, and all of them alike', () => {
    const half = simulate(500, 64);
    assert.ok(half.used >= 8 && half.used <= 20, `${half.used} workers for 500 peers`);
    assert.ok(half.peakCpu < 0.9, `the busiest at ${half.peakCpu}`);
    for (const workers of [2, 4, 8, 16]) {
      const { used, spread } = simulate(1000, workers);
      assert.equal(used, workers);
      assert.ok(spread < 1.2, `the busiest of ${workers} has ${spread} times the mean`);
    }
  });

  it('grows with the workers: twice as many carry about half each', () => {
    const [two, four, eight] = [2, 4, 8].map((workers) => simulate(1000, workers).peakPackets);
    assert.ok(two && four && eight);
    assert.ok(four / two < 0.6 && eight / four < 0.6, `${two}, ${four}, ${eight}`);
  });

  it('carries one speaker to many by all workers alike, once the room has had to spread', () => {
    for (const [peers, workers] of [
      [301, 2],
      [401, 2],
      [1001, 4],
      [2000, 8],
    ] as const) {
      const { used, spread, pipes } = simulate(peers, workers, 'talk');
      assert.ok(used > 1 && spread < 1.1, `${peers} peers on ${used} of ${workers}: ${spread} times the mean`);
      assert.equal(pipes, used - 1, 'from the speaker to each other worker');
    }
    const [two, four] = [2, 4].map((workers) => simulate(2000, workers, 'talk').peakPackets);
    assert.ok(two && four && four / two < 0.6, `${two}, ${four}`);
  });

  it('opens pipes by demand, not by the square of the workers', () => {
    const { used, pipes } = simulate(1000, 64);
    assert.ok(pipes < (used * (used - 1)) / 4, `${pipes} pipes between ${used} workers`);
    assert.equal(used < 64, true, 'workers that are not needed are left alone');
  });

  it('is the same each time', () => {
    assert.deepEqual(simulate(200, 8), simulate(200, 8));
  });
});
