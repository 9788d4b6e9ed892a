import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock, settle } from '@potluck/testkit';
import { Moves } from './moves.ts';

/** How many of so many have had a turn at each moment, when all ask for it at once. */
async function turnsOf(turn: 'sendTurn' | 'receiveTurn', members: number, moments: readonly number[]) {
  const clock = new FakeClock();
  const moves = new Moves(clock, () => members);
  const begun = clock.now();
  let had = 0;
  const all = Array.from({ length: members }, () => moves.begin());
  const turns = all.map((move) => move[turn]().then(() => (had += 1)));
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

function start(members: number) {
  const clock = new FakeClock();
  const moves = new Moves(clock, () => members);
  const all = Array.from({ length: members }, () => moves.begin());
  const receiving: number[] = [];
  const receive = (index: number) => all[index]!.receiveTurn().then(() => receiving.push(index));
  return { clock, moves, all, receiving, receive };
}

describe('Moves', () => {
  it('let a few go at once, and the next ones after them', async () => {
    assert.deepEqual(await turnsOf('receiveTurn', 12, [0, 249, 250, 500]), [5, 5, 10, 12]);
    assert.deepEqual(await turnsOf('sendTurn', 12, [0, 99, 100, 200]), [5, 5, 10, 12]);
  });

  it('do not take longer the more there are', async () => {
    assert.deepEqual(await turnsOf('receiveTurn', 1000, [0, 250, 4750]), [50, 100, 1000]);
  });

  it('have nobody receive elsewhere before all send elsewhere', async () => {
    const { moves, all, receiving, receive } = start(3);
    const turns = [receive(0), receive(1)];
    await settle();
    assert.deepEqual(receiving, []);
    turns.push(receive(2));
    await Promise.all(turns);
    assert.deepEqual(new Set(receiving), new Set([0, 1, 2]));
    assert.equal(moves.busy, true);
    all.forEach((move) => move.end());
    assert.equal(moves.busy, false);
  });

  it('wait neither for who has given up nor for long', async () => {
    const { clock, all, receiving, receive } = start(3);
    const turn = receive(0);
    all[1]!.end();
    await settle();
    clock.advance(1999);
    await settle();
    assert.deepEqual(receiving, []);
    clock.advance(1);
    await turn;
    assert.deepEqual(receiving, [0]);
  });

  it('are not in step where there are too many to wait for', () => {
    assert.equal(start(40).all[0]!.inStep, true);
    assert.equal(start(41).all[0]!.inStep, false);
  });
});
