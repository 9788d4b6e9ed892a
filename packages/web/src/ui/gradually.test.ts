import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextDrawn } from './gradually.ts';

const drawn = (...keys: string[]) => new Set(keys);

describe('nextDrawn', () => {
  it('begins with the first, and adds as many each time until all are there', () => {
    let now: ReadonlySet<string> = drawn();
    const rounds: string[] = [];
    for (let round = 0; round < 4; round++)
      rounds.push([...(now = nextDrawn('a b c d e f g'.split(' '), now, 3))].join(''));
    assert.deepEqual(rounds, ['abc', 'abcdef', 'abcdefg', 'abcdefg']);
  });

  it('keeps what is there, wherever it stands now', () => {
    assert.deepEqual([...nextDrawn('z y x a b'.split(' '), drawn('a', 'b'), 1)], ['z', 'a', 'b']);
  });

  it('forgets what is not wanted any more: it is new when it comes again', () => {
    const fewer = nextDrawn(['a'], drawn('a', 'b', 'c', 'd'), 1);
    assert.deepEqual([...fewer], ['a']);
    assert.deepEqual([...nextDrawn('a b c d'.split(' '), fewer, 1)], ['a', 'b']);
  });

  it('is the same set while nothing changes', () => {
    const before = drawn('a', 'b');
    assert.equal(nextDrawn(['b', 'a'], before, 5), before);
    assert.equal(nextDrawn([], drawn('a'), 5).size, 0);
  });
});
