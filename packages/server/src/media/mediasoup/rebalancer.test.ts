import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLog } from '@potluck/kernel';
import { FakeClock } from '@potluck/testkit';
import type { Burden } from './rebalance.ts';
import { Rebalancer } from './rebalancer.ts';

function start() {
  const clock = new FakeClock();
  const state: { burdens: Burden[]; asked: (number | undefined)[][] } = { burdens: [], asked: [] };
  const room = (has: number) => ({
    askToMove(worker: number, most?: number, to?: number) {
      state.asked.push([worker, most, to]);
      return Math.min(has, most ?? has);
    },
  });
  const rooms = [room(10), room(100), room(100)];
  const deps = { burdens: () => state.burdens, rooms: () => rooms, log: silentLog, clock };
  return { clock, state, rebalancer: new Rebalancer(deps, 1000) };
}

const uneven = [
  { index: 0, cpu: 0.9, transports: 100 },
  { index: 1, cpu: 0.1, transports: 10 },
];

describe('Rebalancer', () => {
  it('asks for a part of the busiest worker once three looks agree', () => {
    const { clock, state, rebalancer } = start();
    state.burdens = uneven;
    clock.advance(2000);
    assert.deepEqual(state.asked, []);
    clock.advance(1000);
    assert.deepEqual(state.asked.slice(), [
      [0, 25, 1],
      [0, 15, 1],
    ]);
    rebalancer.close();
    assert.equal(clock.waiting, 0);
  });

  it('forgets a peak, and keeps to its limit a minute', () => {
    const { clock, state, rebalancer } = start();
    state.burdens = uneven;
    clock.advance(2000);
    state.burdens = [];
    clock.advance(1000);
    state.burdens = uneven;
    clock.advance(2000);
    assert.equal(state.asked.length, 0);
    clock.advance(50_000);
    assert.equal(state.asked.length, 2 * 4, 'two rooms, four times');
    rebalancer.close();
  });
});
