import type {
  Answer,
  ChatMessage,
  Notice,
  Participant,
  PeerId,
  ProducerId,
  ProducerInfo,
  Role,
} from '@potluck/protocol';
import type { LocalState, ParticipantState, RemoteTrackState, RoomState } from '../api.ts';

/** Messages kept; older ones are dropped from the view. */
const chatMax = 1000;

/** What a notice of the server makes of the state. Pure; returns the same object when nothing changed. */
export function applyNotice(state: RoomState, notice: Notice): RoomState {
  switch (notice.name) {
    case 'participantJoined':
      return withParticipant(state, notice.data);
    case 'peerClosed':
      return withoutParticipant(state, notice.data.peerId);
    case 'peerDisplayNameChanged':
      return patchPerson(state, notice.data.peerId, { displayName: notice.data.displayName });
    case 'participantConnectionChanged':
      return patchParticipant(state, notice.data.peerId, { connection: notice.data.connection });
    case 'handRaised':
      return patchPerson(state, notice.data.peerId, { handRaisedAt: notice.data.raisedAt ?? undefined });
    case 'producerOpened':
      return withTrack(state, notice.data.peerId, notice.data.producer);
    case 'producerClosed':
      return withoutTrack(state, notice.data.peerId, notice.data.producerId);
    case 'producerReplaced':
      return replaceTrack(state, notice.data.peerId, notice.data.producerId, notice.data.producer);
    case 'producerPaused':
      return patchTrack(state, notice.data.producerId, { paused: true });
    case 'producerResumed':
      return patchTrack(state, notice.data.producerId, { paused: false });
    case 'chatMessage':
      return withChat(state, notice.data);
    case 'activeSpeaker': {
      const speaker = notice.data.peerId ?? undefined;
      return state.activeSpeaker === speaker ? state : { ...state, activeSpeaker: speaker };
    }
    case 'speakingPeers':
      return sameSpeakers(state.speaking, notice.data.peers) ? state : { ...state, speaking: notice.data.peers };
    case 'downlinkBwe':
      return state.downlink === notice.data.availableBitrate
        ? state
        : { ...state, downlink: notice.data.availableBitrate };
    case 'roleChanged':
      return patchPerson(state, notice.data.peerId, { role: notice.data.role });
    case 'permissionsChanged':
      return patchMe(state, { permissions: notice.data.permissions });
    case 'roomChanged':
      return patched(state, { rules: notice.data });
    case 'lobbyChanged':
      return { ...state, lobby: notice.data.waiting };
    default:
      return state;
  }
}

/** What the answer to `enter` makes of the state: those who were known keep their picture until a new one comes. */
export function applyEntered(state: RoomState, entered: Answer<'enter'>, clockOffset: number): RoomState {
  const known = new Map(state.participants.map((participant) => [participant.id, participant]));
  const { role, permissions, waiting } = entered;
  const { locked, passwordSet } = entered.room;
  return {
    ...patchMe(state, { role, permissions }),
    participants: entered.participants.map((participant) => merge(known.get(participant.id), participant)),
    chat: mergeChat(state.chat, entered.chat),
    speaking: [],
    activeSpeaker: undefined,
    clockOffset,
    rules: { locked, passwordSet },
    lobby: waiting,
  };
}

/** Changes one received track, wherever it is. */
export function patchTrack(state: RoomState, producerId: ProducerId, patch: Partial<RemoteTrackState>): RoomState {
  const owner = state.participants.find(({ tracks }) => tracks.some((track) => track.producerId === producerId));
  if (owner === undefined) return state;
  const tracks = owner.tracks.map((track) => (track.producerId === producerId ? patched(track, patch) : track));
  if (tracks.every((track, index) => track === owner.tracks[index])) return state;
  return replaceParticipant(state, { ...owner, tracks });
}

/** Sets every track that `trackOf` knows: a track and its announcement may come in either order. */
export function attachTracks(
  state: RoomState,
  trackOf: (producerId: ProducerId) => MediaStreamTrack | undefined,
): RoomState {
  return state.participants
    .flatMap(({ tracks }) => tracks)
    .reduce((next, { producerId }) => {
      const track = trackOf(producerId);
      return track === undefined ? next : patchTrack(next, producerId, { track });
    }, state);
}

/** The same for everything that is known of them. */
export function attachReceived(
  state: RoomState,
  received: {
    trackOf(producerId: ProducerId): MediaStreamTrack | undefined;
    secrecyOf(producerId: ProducerId): RemoteTrackState['encryption'];
  },
): RoomState {
  const withTracks = attachTracks(state, (id) => received.trackOf(id));
  return withTracks.participants
    .flatMap(({ tracks }) => tracks)
    .reduce((next, { producerId }) => {
      const encryption = received.secrecyOf(producerId);
      return encryption === undefined ? next : patchTrack(next, producerId, { encryption });
    }, withTracks);
}

export function patchMe(state: RoomState, patch: Partial<LocalState>): RoomState {
  const me = patched(state.me, patch);
  return me === state.me ? state : { ...state, me };
}

/** Adds a message once, whoever told it first: the notice or the answer to the own request. */
export function withChat(state: RoomState, message: ChatMessage): RoomState {
  const chat = mergeChat(state.chat, [message]);
  return chat.length === state.chat.length && chat.at(-1) === state.chat.at(-1) ? state : { ...state, chat };
}

function mergeChat(known: readonly ChatMessage[], more: readonly ChatMessage[]): readonly ChatMessage[] {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = more.filter(({ id }) => !ids.has(id));
  if (fresh.length === 0) return known;
  return [...known, ...fresh].toSorted((a, b) => a.sentAt - b.sentAt).slice(-chatMax);
}

const remoteTrack = ({ id, source, kind, paused }: ProducerInfo): RemoteTrackState => ({
  producerId: id,
  source,
  kind,
  paused,
  track: undefined,
  score: undefined,
  layers: undefined,
});

function merge(known: ParticipantState | undefined, participant: Participant): ParticipantState {
  const { id, displayName = '', device, kind, role, joinedAt, connection, handRaisedAt, producers } = participant;
  const current = new Set(producers.map((producer) => producer.id));
  const tracks = producers.map((producer) => {
    const fresh = remoteTrack(producer);
    const same = known?.tracks.find(({ producerId }) => producerId === producer.id);
    if (same !== undefined) return patched(same, { paused: fresh.paused, source: fresh.source });
    // Its producer was replaced while we were away: the last picture stays until the new one arrives.
    const before = known?.tracks.find(
      (track) => track.source === producer.source && track.kind === producer.kind && !current.has(track.producerId),
    );
    return before === undefined ? fresh : { ...fresh, track: before.track };
  });
  const next = { id, displayName, device, kind, role, joinedAt, connection, handRaisedAt, tracks };
  return known === undefined ? next : patched(known, next);
}

function withParticipant(state: RoomState, participant: Participant): RoomState {
  if (participant.id === state.me.id) return state;
  const known = state.participants.find(({ id }) => id === participant.id);
  const next = merge(known, participant);
  if (known !== undefined) return replaceParticipant(state, next);
  return { ...state, participants: [...state.participants, next] };
}

function withoutParticipant(state: RoomState, peerId: PeerId): RoomState {
  const participants = state.participants.filter(({ id }) => id !== peerId);
  if (participants.length === state.participants.length) return state;
  return {
    ...state,
    participants,
    activeSpeaker: state.activeSpeaker === peerId ? undefined : state.activeSpeaker,
    speaking: state.speaking.some((one) => one.peerId === peerId)
      ? state.speaking.filter((one) => one.peerId !== peerId)
      : state.speaking,
  };
}

function withTrack(state: RoomState, peerId: PeerId, producer: ProducerInfo): RoomState {
  const owner = state.participants.find(({ id }) => id === peerId);
  if (owner === undefined) return state;
  if (owner.tracks.some(({ producerId }) => producerId === producer.id)) {
    return patchTrack(state, producer.id, { paused: producer.paused, source: producer.source });
  }
  return replaceParticipant(state, { ...owner, tracks: [...owner.tracks, remoteTrack(producer)] });
}

/** The same track under another id: what is shown of it stays until the new one is received. */
function replaceTrack(state: RoomState, peerId: PeerId, before: ProducerId, producer: ProducerInfo): RoomState {
  const owner = state.participants.find(({ id }) => id === peerId);
  const known = owner?.tracks.find(({ producerId }) => producerId === before);
  if (owner === undefined || known === undefined) return withTrack(state, peerId, producer);
  const next = { ...known, producerId: producer.id, source: producer.source, paused: producer.paused };
  return replaceParticipant(state, { ...owner, tracks: owner.tracks.map((track) => (track === known ? next : track)) });
}

function withoutTrack(state: RoomState, peerId: PeerId, producerId: ProducerId): RoomState {
  const owner = state.participants.find(({ id }) => id === peerId);
  const tracks = owner?.tracks.filter((track) => track.producerId !== producerId);
  if (owner === undefined || tracks === undefined || tracks.length === owner.tracks.length) return state;
  return replaceParticipant(state, { ...owner, tracks });
}

const patchPerson = (
  state: RoomState,
  id: PeerId,
  patch: { displayName: string } | { handRaisedAt: number | undefined } | { role: Role },
): RoomState => (id === state.me.id ? patchMe(state, patch) : patchParticipant(state, id, patch));

function patchParticipant(state: RoomState, peerId: PeerId, patch: Partial<ParticipantState>): RoomState {
  const known = state.participants.find(({ id }) => id === peerId);
  return known === undefined ? state : replaceParticipant(state, patched(known, patch));
}

function replaceParticipant(state: RoomState, next: ParticipantState): RoomState {
  const participants = state.participants.map((one) => (one.id === next.id ? next : one));
  return participants.every((one, index) => one === state.participants[index]) ? state : { ...state, participants };
}

const sameSpeakers = (a: RoomState['speaking'], b: RoomState['speaking']): boolean =>
  a.length === b.length && a.every(({ peerId, volume }, i) => peerId === b[i]?.peerId && volume === b[i].volume);

/** The same object when the patch changes nothing: views compare by identity. */
function patched<T extends object>(value: T, patch: Partial<T>): T {
  const changed = (Object.keys(patch) as (keyof T)[]).some((name) => !equal(value[name], patch[name]));
  return changed ? { ...value, ...patch } : value;
}

/** Scores, layers, devices and lists of tracks are small flat values, and new objects in every message. */
function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => Object.is(item, b[i]));
  if (!isPlain(a) || !isPlain(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}

const isPlain = (value: unknown): value is { [name: string]: unknown } =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
