import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseShift, type Burden } from './rebalance.ts';

const worker = (index: number, cpu: number): Burden => ({ index, cpu, transports: Math.round(cpu * 200) });
const calm = { moved: [], now: 1_000_000, perMinute: 4 };

describe('chooseShift', () => {
  it('takes from the busiest and gives to the least busy', () => {
    assert.deepEqual(chooseShift([worker(0, 0.9), worker(1, 0.5), worker(2, 0.1)], calm), {
      from: 0,
      to: 2,
      transports: 45,
    });
  });

  it('leaves alone what is not busy, and what is busy alike', () => {
    assert.equal(chooseShift([worker(0, 0.6), worker(1, 0)], calm), undefined);
    assert.equal(chooseShift([worker(0, 0.9), worker(1, 0.7)], calm), undefined);
    assert.equal(chooseShift([worker(0, 0.9)], calm), undefined);
  });

  it('moves no more often than it may', () => {
    const workers = [worker(0, 0.9), worker(1, 0.1)];
    const now = 1_000_000;
    const moved = [now - 70_000, now - 30_000, now - 20_000];
    assert.ok(chooseShift(workers, { moved, now, perMinute: 3 }));
    assert.equal(chooseShift(workers, { moved, now, perMinute: 2 }), undefined);
  });

  it('comes to rest: what moved does not move back', () => {
    let workers = [worker(0, 1), worker(1, 0.05), worker(2, 0.05), worker(3, 0.05)];
    let shifts = 0;
    for (; shifts < 50; shifts++) {
      const shift = chooseShift(workers, calm);
      if (shift === undefined) break;
      const { cpu, transports } = workers[shift.from]!;
      const moving = (cpu / transports) * shift.transports;
      workers = workers.map(({ index, cpu }) =>
        worker(index, index === shift.from ? cpu - moving : index === shift.to ? cpu + moving : cpu),
      );
    }
    assert.ok(shifts > 0 && shifts < 5, `${shifts} shifts`);
    assert.ok(Math.max(...workers.map(({ cpu }) => cpu)) < 0.8, JSON.stringify(workers));
  });
});
