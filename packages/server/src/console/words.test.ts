import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { quoteWord, readWords, splitWords } from './words.ts';

describe('splitWords', () => {
  it('splits at blanks and keeps quoted words together', () => {
    assert.deepEqual(splitWords(`  close "my room"  'a "b"' c\\ d --json `), [
      'close',
      'my room',
      'a "b"',
      'c d',
      '--json',
    ]);
    assert.deepEqual(splitWords(`log ''`), ['log', '']);
    assert.deepEqual(splitWords(' '), []);
  });

  it('refuses a quote that is not closed', () => {
    assert.throws(() => splitWords('close "my room'), /the quote " is not closed/);
  });

  it('reads back every word that was quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        assert.deepEqual(splitWords(words.map(quoteWord).join(' ')), words);
      }),
    );
  });
});

describe('readWords', () => {
  it('tells where the last word begins', () => {
    assert.equal(readWords('dr ab').wordAt, 3);
    assert.equal(readWords('dr ').wordAt, 3);
    assert.equal(readWords('close "my r').wordAt, 6);
    assert.equal(readWords('').wordAt, 0);
  });
});
