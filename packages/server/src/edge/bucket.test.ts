import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bucket } from './bucket.ts';

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
