import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerId, ProducerId, type Answer, type Notice, type Participant } from '@potluck/protocol';
import type { RoomState } from '../api.ts';
import { initialState } from './initial.ts';
import { applyEntered, applyNotice, attachTracks, patchTrack, withChat } from './participants.ts';

const anna = PeerId.parse('anna');
const bob = PeerId.parse('bob');
const camera = ProducerId.parse('camera-1');
const track = { id: 'a track' } as MediaStreamTrack;
const device = { flag: 'chrome', name: 'Chrome' };

const participant = (id: PeerId, changes: Partial<Participant> = {}): Participant => ({
  id,
  displayName: String(id),
  device,
  kind: 'peer',
  role: 'speaker',
  joinedAt: 1,
  connection: 'connected',
  producers: [],
  ...changes,
});
const cameraOf = (id: ProducerId) => ({ id, kind: 'video', source: 'camera', paused: false }) as const;
const empty = initialState('kitchen', PeerId.parse('me'), 'Me');
const after = (state: RoomState, ...notices: Notice[]) => notices.reduce(applyNotice, state);
const withAnna = after(
  empty,
  { name: 'participantJoined', data: participant(anna) },
  { name: 'participantJoined', data: participant(bob) },
  { name: 'producerOpened', data: { peerId: anna, producer: cameraOf(camera) } },
);

describe('the state', () => {
  it('lists participants in the order in which they joined, with what they send', () => {
    assert.deepEqual(
      withAnna.participants.map(({ id, tracks }) => [id, tracks.map(({ source }) => source)]),
      [
        ['anna', ['camera']],
        ['bob', []],
      ],
    );
  });

  it('keeps every object that a notice does not change', () => {
    const next = applyNotice(withAnna, { name: 'producerPaused', data: { peerId: anna, producerId: camera } });
    assert.equal(next.participants[0]?.tracks[0]?.paused, true);
    assert.equal(next.participants[1], withAnna.participants[1]);
    assert.equal(next.me, withAnna.me);
    assert.equal(next.chat, withAnna.chat);
  });

  it('is the same object when nothing changes', () => {
    const score = { own: 9, producer: 10 };
    const scored = patchTrack(withAnna, camera, { score, layers: { spatialLayer: 1, temporalLayer: 2 } });
    assert.equal(
      patchTrack(scored, camera, { score: { ...score }, layers: { spatialLayer: 1, temporalLayer: 2 } }),
      scored,
    );
    const same: Notice[] = [
      { name: 'producerResumed', data: { peerId: anna, producerId: camera } },
      { name: 'participantJoined', data: participant(bob) },
      { name: 'peerClosed', data: { peerId: PeerId.parse('nobody') } },
      { name: 'speakingPeers', data: { peers: [] } },
      { name: 'activeSpeaker', data: { peerId: null } },
      { name: 'peerDisplayNameChanged', data: { peerId: bob, displayName: 'bob' } },
    ];
    for (const notice of same) assert.equal(applyNotice(withAnna, notice), withAnna, notice.name);
  });

  it('forgets who leaves, also as a speaker', () => {
    const speaking = after(
      withAnna,
      { name: 'activeSpeaker', data: { peerId: anna, volume: -20 } },
      { name: 'speakingPeers', data: { peers: [{ peerId: anna, volume: -20 }] } },
    );
    assert.equal(speaking.activeSpeaker, 'anna');
    const left = applyNotice(speaking, { name: 'peerClosed', data: { peerId: anna } });
    assert.deepEqual([left.participants.length, left.activeSpeaker, left.speaking], [1, undefined, []]);
  });

  it('takes a name and a hand for the own ones when they are', () => {
    const { me } = after(
      withAnna,
      { name: 'peerDisplayNameChanged', data: { peerId: withAnna.me.id, displayName: 'I' } },
      { name: 'handRaised', data: { peerId: withAnna.me.id, raisedAt: 5 } },
    );
    assert.deepEqual([me.displayName, me.handRaisedAt], ['I', 5]);
  });

  it('never lists itself', () => {
    assert.equal(applyNotice(empty, { name: 'participantJoined', data: participant(empty.me.id) }), empty);
  });

  it('finds the track of a producer that was announced later', () => {
    const next = attachTracks(withAnna, (id) => (id === camera ? track : undefined));
    assert.equal(next.participants[0]?.tracks[0]?.track, track);
  });

  it('keeps the place and the picture of a track that moved', () => {
    const next = ProducerId.parse('camera-2');
    const showing = patchTrack(withAnna, camera, { track });
    const notice: Notice = {
      name: 'producerReplaced',
      data: { peerId: anna, producerId: camera, producer: cameraOf(next) },
    };
    const [moved] = applyNotice(showing, notice).participants[0]?.tracks ?? [];
    assert.deepEqual([moved?.producerId, moved?.track], [next, track]);
    assert.equal(applyNotice(empty, notice), empty);
  });

  it('has a message once, in the order of the server, whoever told it', () => {
    const message = { id: '1', peerId: anna, displayName: 'Anna', text: 'hi', sentAt: 2 };
    const once = withChat(withAnna, message);
    assert.equal(applyNotice(once, { name: 'chatMessage', data: message }), once);
    const earlier = withChat(once, { ...message, id: '0', sentAt: 1 });
    assert.deepEqual(
      earlier.chat.map(({ id }) => id),
      ['0', '1'],
    );
  });
});

describe('entering again', () => {
  const entered = {
    chat: [],
    files: [],
    maxFileBytes: 0,
    now: 1,
    room: { id: 'kitchen', startedAt: 1, locked: true, passwordSet: false },
    role: 'host',
    permissions: ['kick'],
    waiting: [],
  } satisfies Partial<Answer<'enter'>>;
  const showing = patchTrack(withAnna, camera, { track });

  it('keeps the last picture of somebody whose producer is a new one', () => {
    const next = ProducerId.parse('camera-2');
    const participants = [participant(anna, { producers: [cameraOf(next)] })];
    const state = applyEntered(showing, { ...entered, participants }, 5);
    assert.deepEqual(
      state.participants.map(({ id, tracks }) => [id, tracks[0]?.producerId, tracks[0]?.track]),
      [['anna', next, track]],
    );
  });

  it('takes over what the server says of the room and of us', () => {
    const { me, rules, clockOffset } = applyEntered(showing, { ...entered, participants: [] }, 5);
    assert.deepEqual([me.role, me.permissions, rules.locked, clockOffset], ['host', ['kick'], true, 5]);
  });

  it('leaves alone whoever is as before', () => {
    const participants = [participant(anna, { producers: [cameraOf(camera)] }), participant(bob)];
    const state = applyEntered(showing, { ...entered, participants }, 5);
    assert.equal(state.participants[0], showing.participants[0]);
    assert.equal(state.participants[1], showing.participants[1]);
  });
});
