import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { percentile } from './percentile.ts';

describe('percentile', () => {
  it('takes a value that is there, by the nearest rank', () => {
    assert.equal(percentile([4, 1, 3, 2], 0.5), 2);
    assert.equal(percentile([4, 1, 3, 2], 0.51), 3);
    assert.equal(percentile([4, 1, 3, 2], 0.95), 4);
    assert.equal(percentile([5, 1, 3], 0.5), 3);
  });

  it('goes from the least to the most', () => {
    assert.equal(percentile([4, 1, 3, 2], 0), 1);
    assert.equal(percentile([4, 1, 3, 2], 1), 4);
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    for (const percent of [1, 50, 95, 99, 100]) assert.equal(percentile(hundred, percent / 100), percent);
  });

  it('is no number of nothing', () => {
    assert.ok(Number.isNaN(percentile([], 0.95)));
  });
});
