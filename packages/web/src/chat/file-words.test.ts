import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPicture, percentOf, sizeText } from './file-words.ts';

describe('files in words', () => {
  it('says sizes', () => {
    assert.deepEqual(
      [0, 1, 999_999, 1_000_000, 12_345_678].map((bytes) => sizeText(bytes, 'en')),
      ['0 kB', '1 kB', '1,000 kB', '1 MB', '12.3 MB'],
    );
  });

  it('says no more than there is', () => {
    assert.deepEqual([percentOf(0, 0), percentOf(999, 1000), percentOf(2000, 1000)], [100, 99, 100]);
  });

  it('shows only what cannot run as a picture', () => {
    assert.equal(isPicture({ type: 'image/png', size: 10 }), true);
    for (const type of ['image/svg+xml', 'text/html', 'application/pdf'])
      assert.equal(isPicture({ type, size: 10 }), false);
    assert.equal(isPicture({ type: 'image/png', size: 1e9 }), false);
  });
});
