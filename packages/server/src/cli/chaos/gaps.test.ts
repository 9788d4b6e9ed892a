import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { longestGap, percentile } from './gaps.ts';

describe('longestGap', () => {
  it('is the longest silence, edges included', () => {
    assert.equal(longestGap([10, 20, 70, 80], 0, 100), 50);
    assert.equal(longestGap([10, 20], 0, 100), 80);
    assert.equal(longestGap([], 0, 100), 100);
  });
});

describe('percentile', () => {
  it('takes a value that is there', () => {
    assert.equal(percentile([4, 1, 3, 2], 0.5), 2);
    assert.equal(percentile([4, 1, 3, 2], 0.95), 4);
    assert.equal(percentile([], 0.95), 0);
  });
});
