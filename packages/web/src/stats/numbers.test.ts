import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bitrateText, layersText, millisecondsText, percentText } from './numbers.ts';

describe('numbers', () => {
  it('are written as people read them', () => {
    assert.deepEqual([0, 64_000, 999_400, 999_600, 1_250_000, 12_400_000].map(bitrateText), ['0 kb/s', '64 kb/s', '999 kb/s', '1.0 Mb/s', '1.3 Mb/s', '12 Mb/s']); // prettier-ignore
    assert.deepEqual([0, 0.004, 0.0995, 0.5].map(percentText), ['0 %', '0.4 %', '10 %', '50 %']);
    assert.equal(millisecondsText(41.6), '42 ms');
    assert.equal(layersText({ spatialLayer: 2, temporalLayer: 0 }), 'S3 T1');
  });

  it('are a dash where nothing was measured', () => {
    for (const text of [bitrateText, percentText, millisecondsText, layersText]) assert.equal(text(undefined), '–');
  });
});
