import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Emitter } from '@potluck/kernel';
import { PeerId, ProducerId, type Notice, type Participant } from '@potluck/protocol';
import type { RoomEvents } from './api.ts';
import { Receiving } from './media/receiving.ts';
import { NoticeBoard } from './notice-board.ts';
import { initialState } from './state/initial.ts';
import { applyEntered } from './state/participants.ts';
import { Store } from './state/store.ts';

const anna = PeerId.parse('anna');
const participant: Participant = {
  id: anna,
  displayName: 'Anna',
  device: { flag: 'chrome', name: 'Chrome' },
  kind: 'peer',
  role: 'speaker',
  joinedAt: 1,
  connection: 'connected',
  producers: [],
};

function build() {
  const store = new Store(initialState('kitchen', PeerId.parse('me'), 'Me'));
  const events = new Emitter<RoomEvents>();
  const seen: string[] = [];
  events.on('participantJoined', ({ id }) => seen.push(`${id} joined`));
  events.on('participantLeft', ({ id }) => seen.push(`${id} left`));
  events.on('chatReceived', ({ text }) => seen.push(`heard ${text}`));
  const receiving = new Receiving(() => Promise.reject(new Error('nobody asks')));
  return { store, seen, board: new NoticeBoard({ store, events, receiving, files: { noticed() {} } }) };
}

describe('NoticeBoard', () => {
  it('puts what overtook the picture of the room on top of it', () => {
    const { store, board } = build();
    board.hold();
    board.put({ name: 'participantJoined', data: participant });
    const producer = { id: ProducerId.parse('cam'), kind: 'video', source: 'camera', paused: false } as const;
    board.put({ name: 'producerOpened', data: { peerId: anna, producer } });
    assert.equal(store.state.participants.length, 0);
    const entered = {
      participants: [],
      chat: [],
      files: [],
      maxFileBytes: 0,
      role: 'speaker',
      permissions: [],
      waiting: [],
      now: 1,
    } as const;
    const room = { id: 'kitchen', startedAt: 1, locked: false, passwordSet: false };
    const answer = {
      ...entered,
      participants: [],
      chat: [],
      files: [],
      maxFileBytes: 0,
      permissions: [],
      waiting: [],
      room,
    };
    store.update((state) => applyEntered(state, answer, 0));
    board.release();
    assert.deepEqual(
      store.state.participants.map(({ id, tracks }) => [id, tracks.length]),
      [['anna', 1]],
    );
  });

  it('tells once who came and went, and what others said', () => {
    const { seen, board } = build();
    const said = { id: '1', peerId: anna, displayName: 'Anna', text: 'hi', sentAt: 1 };
    const notices: Notice[] = [
      { name: 'participantJoined', data: participant },
      { name: 'participantJoined', data: participant },
      { name: 'chatMessage', data: said },
      { name: 'chatMessage', data: said },
      { name: 'chatMessage', data: { ...said, id: '2', peerId: PeerId.parse('me') } },
      { name: 'peerClosed', data: { peerId: anna } },
      { name: 'peerClosed', data: { peerId: anna } },
    ];
    for (const notice of notices) board.put(notice);
    assert.deepEqual(seen, ['anna joined', 'heard hi', 'anna left']);
  });
});
