import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { levelOf } from './level.ts';

describe('levelOf', () => {
  it('is 0 for silence and 1 for full scale', () => {
    assert.equal(levelOf([0, 0, 0]), 0);
    assert.equal(levelOf([1, -1, 1]), 1);
    assert.equal(levelOf([]), 0);
  });

  it('rises with loudness', () => {
    assert.ok(levelOf([0.1, -0.1]) > levelOf([0.01, -0.01]));
  });
});
