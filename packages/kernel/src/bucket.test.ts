import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bucket, Buckets } from './bucket.ts';

describe('Bucket', () => {
  const take = (bucket: Bucket, count: number, now: number) => Array.from({ length: count }, () => bucket.take(now));

  it('gives the burst at once and no more', () => {
    const bucket = new Bucket({ burst: 3, perSecond: 10 }, 0);
    assert.deepEqual(take(bucket, 4, 0), [true, true, true, false]);
  });

  it('refills at its rate, never above the burst', () => {
    const bucket = new Bucket({ burst: 3, perSecond: 10 }, 0);
    take(bucket, 3, 0);
    assert.deepEqual(take(bucket, 2, 100), [true, false]);
    assert.deepEqual(take(bucket, 4, 60_000), [true, true, true, false]);
  });

  it('gives nothing for a clock that goes back', () => {
    const bucket = new Bucket({ burst: 1, perSecond: 1 }, 5_000);
    assert.deepEqual([bucket.take(5_000), bucket.take(1_000), bucket.take(1_500)], [true, false, false]);
  });
});

describe('Buckets', () => {
  it('counts each key for itself', () => {
    const buckets = new Buckets({ burst: 2, perSecond: 1 });
    assert.deepEqual([buckets.take('a', 0), buckets.take('a', 0), buckets.take('a', 0)], [true, true, false]);
    assert.equal(buckets.take('b', 0), true);
    assert.deepEqual([buckets.has('a', 0), buckets.has('a', 1_000), buckets.has('never seen', 0)], [false, true, true]);
  });

  it('forgets those that were asked about longest ago, however many come', () => {
    const buckets = new Buckets({ burst: 1, perSecond: 0.001 });
    for (let key = 0; key < 10_000; key += 1) buckets.take(String(key), 0);
    buckets.take('0', 0);
    buckets.take('one more', 0);
    assert.equal(buckets.size, 10_000);
    assert.equal(buckets.has('0', 0), false);
    assert.equal(buckets.has('1', 0), true);
  });
});
