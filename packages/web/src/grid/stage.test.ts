import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stageTiles, type StageInput } from './stage.ts';
import { tileOf as tile } from './testing.ts';

const people = [tile('me'), tile('ada'), tile('bob')];
const staged = (change: Partial<StageInput> = {}) =>
  stageTiles({ tiles: people, mode: 'auto', pinned: [], spoke: [], hideSelf: false, ...change });

describe('stageTiles', () => {
  it('shows all alike until something is pinned or shared', () => {
    assert.deepEqual(staged(), { stage: [], rest: ['me', 'ada', 'bob'], floating: undefined });
    assert.deepEqual(staged({ pinned: ['bob'] }).stage, ['bob']);
    const screen = tile('ada screen', { kind: 'screen', peerId: 'ada' });
    assert.deepEqual(staged({ tiles: [screen, ...people] }).stage, ['ada screen']);
  });

  it('floats oneself over one other', () => {
    assert.deepEqual(staged({ tiles: people.slice(0, 2) }), { stage: [], rest: ['ada'], floating: 'me' });
  });

  it('shows in the speaker layout who speaks and oneself, and nobody else', () => {
    assert.deepEqual(staged({ mode: 'speaker', spoke: ['bob', 'ada'] }), { stage: ['bob'], rest: [], floating: 'me' });
  });

  it('shows in the sidebar layout who speaks large and all others beside', () => {
    assert.deepEqual(staged({ mode: 'sidebar', spoke: ['bob'] }), {
      stage: ['bob'],
      rest: ['me', 'ada'],
      floating: undefined,
    });
  });

  it('hides oneself, except when there is nobody else', () => {
    assert.deepEqual(staged({ hideSelf: true }).rest, ['ada', 'bob']);
    assert.deepEqual(staged({ hideSelf: true, tiles: [tile('me')] }).rest, ['me']);
  });
});
