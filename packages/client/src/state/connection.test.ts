import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerId } from '@potluck/protocol';
import { Connection } from './connection.ts';
import { initialState } from './initial.ts';
import { Store } from './store.ts';

const recovery = { attempt: 2, since: 1 };

function build() {
  const store = new Store(initialState('r', PeerId.parse('ann'), 'Ann'));
  const is = { entered: false, ended: false };
  const connection = new Connection({ store, entered: () => is.entered, ended: () => is.ended });
  return { connection, is, shown: () => store.state.connection };
}

describe('Connection', () => {
  it('is joining, perhaps in the lobby, until the room is entered', () => {
    const { connection, is, shown } = build();
    connection.signalling(recovery);
    assert.deepEqual(shown(), { kind: 'joining' });
    connection.waitInLobby();
    assert.deepEqual(shown(), { kind: 'joining', inLobby: true });
    is.entered = true;
    connection.signalling(undefined);
    assert.deepEqual([shown(), connection.joining], [{ kind: 'connected' }, false]);
    connection.waitInLobby();
    assert.equal(shown().kind, 'connected');
  });

  it('shows the signalling before the media: without it the media cannot be repaired', () => {
    const { connection, is, shown } = build();
    is.entered = true;
    connection.media(recovery);
    assert.deepEqual(shown(), { kind: 'reconnecting', what: 'media', ...recovery });
    connection.signalling(recovery);
    assert.deepEqual(shown(), { kind: 'reconnecting', what: 'signalling', ...recovery });
    connection.signalling(undefined);
    assert.equal(shown().kind, 'reconnecting');
    connection.media(undefined);
    assert.equal(shown().kind, 'connected');
  });

  it('stays ended', () => {
    const { connection, is, shown } = build();
    is.entered = true;
    is.ended = true;
    connection.end('left', 'you left');
    connection.media(recovery);
    assert.deepEqual(shown(), { kind: 'ended', reason: 'left', message: 'you left' });
  });
});
