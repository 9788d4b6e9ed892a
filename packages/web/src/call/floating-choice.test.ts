import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tile } from '../grid/tiles.ts';
import { tileOf } from '../grid/testing.ts';
import { chooseFloating } from './floating-choice.ts';

const tile = (key: string, more: Partial<Tile> = {}) => tileOf(key, { track: {} as MediaStreamTrack, ...more });
const tiles = [tile('screen', { kind: 'screen', peerId: 'ada' }), tile('me'), tile('ada'), tile('bob')];
const chosen = (...args: Parameters<typeof chooseFloating>) => chooseFloating(...args)?.key;

describe('the floating picture', () => {
  it('is the one pinned last, else who speaks, else a screen', () => {
    assert.equal(chosen(tiles, ['ada', 'bob'], 'ada'), 'bob');
    assert.equal(chosen(tiles, [], 'ada'), 'ada');
    assert.equal(chosen(tiles, [], undefined), 'screen');
  });

  it('is oneself only when nobody else has a picture', () => {
    const quiet = tile('ada', { picture: 'off' });
    assert.equal(chosen([tile('me'), quiet], [], 'ada'), 'me');
    assert.equal(chosen([quiet], ['ada'], 'ada'), undefined);
  });
});
