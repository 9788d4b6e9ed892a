import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glazeOf, glazes, initialsOf } from './plate.ts';

describe('initialsOf', () => {
  it('takes the first letters of the first and last word', () => {
    assert.equal(initialsOf('ada lovelace'), 'AL');
    assert.equal(initialsOf('Anna Maria  Ruiz'), 'AR');
    assert.equal(initialsOf('bob'), 'B');
  });

  it('takes the given name of a Chinese name', () => {
    assert.equal(initialsOf('王小明'), '明');
  });

  it('does not cut an emoji in two', () => {
    assert.equal(initialsOf('👩‍🚀 Kim'), '👩‍🚀K');
  });

  it('has an answer for no name', () => {
    assert.equal(initialsOf('  '), '?');
  });
});

describe('glazeOf', () => {
  it('is stable and in range', () => {
    for (const id of ['', 'a', 'b', 'somebody else']) {
      assert.equal(glazeOf(id), glazeOf(id));
      assert.ok(glazeOf(id) >= 0 && glazeOf(id) < glazes);
    }
  });
});
