import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planOf, stepKinds } from './plan.ts';

describe('planOf', () => {
  const options = { seed: 7, steps: 400, bots: 3, workers: 2 };

  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(planOf(options), planOf(options));
    assert.notDeepEqual(planOf(options), planOf({ ...options, seed: 8 }));
  });

  it('has every kind of step, and no drain where no worker could take over', () => {
    assert.deepEqual(new Set(planOf(options).map(({ kind }) => kind)), new Set(stepKinds));
    assert.ok(planOf({ ...options, workers: 1 }).every(({ kind }) => kind !== 'drain'));
  });

  it('keeps to the kinds that are asked for', () => {
    assert.ok(planOf({ ...options, kinds: ['kill', 'cut'] }).every(({ kind }) => kind === 'kill' || kind === 'cut'));
  });
});
