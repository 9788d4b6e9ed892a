import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock, settle } from '@potluck/testkit';
import { Moves } from './moves.ts';

/** How many of so many have had their turn at each moment. */
async function turnsOf(members: number, moments: readonly number[]): Promise<number[]> {
  const clock = new FakeClock();
  const moves = new Moves(clock, () => members);
  const begun = clock.now();
  let had = 0;
  const turns = Array.from({ length: members }, () => moves.turn().then(() => (had += 1)));
  const counts: number[] = [];
  for (const at of moments) {
    await settle();
    clock.advance(at - (clock.now() - begun));
    await settle();
    counts.push(had);
  }
  clock.advance(60_000);
  await Promise.all(turns);
  return counts;
}

describe('Moves', () => {
  it('let a few go at once, and the next ones after them', async () => {
    assert.deepEqual(await turnsOf(12, [0, 249, 250, 500]), [5, 5, 10, 12]);
  });

  it('do not take longer the more there are', async () => {
    assert.deepEqual(await turnsOf(1000, [0, 250, 4750]), [50, 100, 1000]);
  });
});
