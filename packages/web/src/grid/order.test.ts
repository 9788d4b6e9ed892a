import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepOrder, noteSpeaker, promoteSpeakers } from './order.ts';

const order = ['me', 'a', 'b', 'c', 'd', 'e'];

describe('promoteSpeakers', () => {
  it('moves nobody while the speaker is in view', () => {
    assert.deepEqual(promoteSpeakers(order, 3, ['b'], new Set(['me'])), order);
  });

  it('swaps a hidden speaker with the one in view who was silent longest', () => {
    assert.deepEqual(promoteSpeakers(order, 3, ['e', 'b'], new Set(['me'])), ['me', 'e', 'b', 'c', 'd', 'a']);
  });

  it('never moves what is fixed', () => {
    assert.deepEqual(promoteSpeakers(['me', 'a', 'b'], 1, ['b'], new Set(['me'])), ['me', 'a', 'b']);
  });

  it('keeps everybody exactly once', () => {
    const result = promoteSpeakers(order, 3, ['e', 'd', 'c', 'b', 'a'], new Set(['me']));
    assert.deepEqual(result.toSorted(), order.toSorted());
    assert.deepEqual(result.slice(0, 3).toSorted(), ['d', 'e', 'me']);
  });
});

describe('keepOrder', () => {
  it('keeps places, drops those who left, appends those who came', () => {
    assert.deepEqual(keepOrder(['c', 'a', 'b'], ['a', 'b', 'c', 'd']), ['c', 'a', 'b', 'd']);
    assert.deepEqual(keepOrder(['c', 'a', 'b'], ['b']), ['b']);
  });
});

describe('noteSpeaker', () => {
  it('puts the latest first, once', () => {
    assert.deepEqual(noteSpeaker(['a', 'b'], 'b'), ['b', 'a']);
  });
});
