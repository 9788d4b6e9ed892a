import { Emitter } from '@potluck/kernel';
import type {
  ChatMessage,
  LocalTrackState,
  ParticipantState,
  PeerId,
  ProducerId,
  RemoteTrackState,
  RoomEvents,
  RoomState,
} from '@potluck/client';
import type { CallRoom } from '../call/port.ts';
import { fakeCamera, fakeScreen, hum } from './fake-media.ts';
import { conversation, sharedFiles } from './fake-chat.ts';
import { movingTracks } from './fake-frames.ts';
import { fakeStats } from './fake-stats.ts';

export type FakeOptions = {
  people: number;
  cameras: boolean;
  screens: number;
  chat: boolean;
  files: 'theirs' | 'own' | undefined;
  banned: boolean;
  /** Everybody has a key that is not ours, or some have. */
  locked: 'all' | 'one' | undefined;
  moving: boolean;
  empty: boolean;
  /** A weak line. */
  bad: boolean;
  /** Moving pictures whose frames cost the page as little as decoded ones. */
  generated: boolean;
};

const names = [
  'Ada Lovelace', 'Bo', 'Chidi Anagonye', '王小明', 'Élodie Durand', 'Fatima Zahra', 'Grace Hopper', 'Hedy Lamarr', 'Ivo', 'Jun Tanaka', 'Katherine Johnson',
  'Lê Minh', 'Maximiliana von Hohenstein-Falkenberg', 'Nia', 'Omar', 'Priya Raman', 'Quentin', 'Rosalind F.', 'Sofía', 'Tove',
]; // prettier-ignore

/** A room that is not connected to anything, to look at its views. */
export function fakeRoom(options: FakeOptions): CallRoom & { change(next: Partial<RoomState>): void } {
  const listeners = new Set<() => void>();
  const events = new Emitter<RoomEvents>();
  let state = firstState(options);
  const change = (next: Partial<RoomState>) => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };
  const source = (name: 'microphone' | 'camera') => {
    let opened: MediaStreamTrack | undefined;
    const set = (next: LocalTrackState) => {
      change({ me: { ...state.me, [name]: next } });
      return Promise.resolve(next);
    };
    const make = (muted: boolean): LocalTrackState => ({
      kind: 'on',
      track: (opened ??= name === 'microphone' ? hum() : fakeCamera(16)),
      muted,
      deviceId: 'fake',
      producerId: undefined,
    });
    return {
      get state() {
        return state.me[name];
      },
      start: () => set(make(false)),
      stop: () => set({ kind: 'off' }),
      mute: () => set(make(true)),
      unmute: () => set(make(false)),
      setDevice: () => set(make(false)),
      setProcessor: () => set(make(false)),
    };
  };
  const setScreen = (screen: LocalTrackState) => {
    change({ me: { ...state.me, screen } });
    return Promise.resolve(screen);
  };
  return {
    events,
    get state() {
      return state;
    },
    snapshot: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change,
    microphone: source('microphone'),
    camera: source('camera'),
    screen: {
      get state() {
        return state.me.screen;
      },
      audioState: { kind: 'off' },
      start: () =>
        setScreen({ kind: 'on', track: fakeScreen(), muted: false, deviceId: undefined, producerId: undefined }),
      stop: () => setScreen({ kind: 'off' }),
      mute: () => setScreen(state.me.screen),
      unmute: () => setScreen(state.me.screen),
    },
    async setDisplayName(displayName) {
      change({ me: { ...state.me, displayName } });
    },
    async sendChat(text) {
      const message: ChatMessage = {
        id: crypto.randomUUID(),
        peerId: state.me.id,
        displayName: state.me.displayName,
        text,
        sentAt: Date.now(),
      };
      change({ chat: [...state.chat, message] });
      return message;
    },
    async setHandRaised(raised) {
      change({ me: { ...state.me, handRaisedAt: raised ? Date.now() : undefined } });
    },
    async sendReaction(emoji) {
      events.emit('reactionShown', { peerId: state.me.id, emoji });
    },
    setView() {},
    moderation: {
      bans: async () => (options.banned ? [{ peerId: 'peer77', displayName: 'Zed the Loud' }] : []),
    } as unknown as CallRoom['moderation'],
    throttle: { apply: async () => {}, reset: async () => {} },
    files: {
      maxBytes: 200_000_000,
      offer: () => Promise.reject(new Error('a fake room takes no files')),
      withdraw: async () => {},
      fetch: () => {
        throw new Error('a fake room has no files');
      },
      stopSending() {},
    },
    async publishData() {
      throw new Error('a fake room has no data channels');
    },
    stats: async () => fakeStats(state.me.id, state.participants, options.bad),
    async leave() {
      change({ connection: { kind: 'ended', reason: 'left', message: '' } });
    },
  };
}

function firstState({
  people,
  cameras,
  screens,
  chat,
  files,
  locked,
  moving,
  empty,
  generated,
}: FakeOptions): RoomState {
  const tracks = generated ? movingTracks(people, 15) : [];
  const picture = (seed: number) => tracks[seed] ?? fakeCamera(seed, moving ? 15 : 0);
  const on = (track: MediaStreamTrack): LocalTrackState => ({
    kind: 'on',
    track,
    muted: false,
    deviceId: 'fake',
    producerId: undefined,
  });
  const lock = (seed: number) =>
    locked === 'all' || (locked === 'one' && seed === 3) ? ({ encryption: 'locked' } as const) : {};
  const participants = Array.from({ length: people - 1 }, (_, index): ParticipantState => {
    const seed = index + 1;
    const hasCamera = cameras && (generated || seed % 5 !== 4);
    const sent = [
      ...(empty ? [] : [remote(`mic${seed}`, 'microphone', seed % 3 === 0, undefined)]),
      ...(hasCamera ? [{ ...remote(`cam${seed}`, 'camera', false, picture(seed)), ...lock(seed) }] : []),
      ...(seed <= screens ? [remote(`screen${seed}`, 'screen', false, fakeScreen())] : []),
    ];
    return {
      id: `peer${seed}` as PeerId,
      displayName: names[index % names.length]!,
      device: { flag: 'chrome', name: 'Chrome', version: '150' },
      role: seed === 3 ? 'cohost' : seed === 5 ? 'viewer' : 'speaker',
      kind: seed === 7 ? 'broadcaster' : 'peer',
      joinedAt: Date.now(),
      connection: seed === 6 ? 'reconnecting' : 'connected',
      handRaisedAt: seed === 2 ? Date.now() : undefined,
      tracks: sent,
    };
  });
  return {
    roomId: 'toasted-fennel-k7m2qa',
    connection: { kind: 'connected' },
    me: {
      id: 'me' as PeerId,
      role: 'host',
      permissions: ['publishData', 'muteOthers', 'kick', 'ban', 'lock', 'admit', 'end', 'assignRoles'],
      displayName: 'Mara',
      handRaisedAt: undefined,
      microphone: on(hum()),
      camera: cameras ? on(tracks[0] ?? picture(16)) : { kind: 'off' },
      screen: { kind: 'off' },
      screenAudio: { kind: 'off' },
    },
    participants,
    chat: chat ? conversation() : [],
    files: files === undefined ? [] : sharedFiles(files),
    rules: { locked: false, passwordSet: false },
    lobby: [],
    activeSpeaker: participants[0]?.id,
    speaking: participants[0] ? [{ peerId: participants[0].id, volume: -30 }] : [],
    downlink: 4_000_000,
    clockOffset: 0,
  };
}

function remote(
  id: string,
  source: RemoteTrackState['source'],
  paused: boolean,
  track: MediaStreamTrack | undefined,
): RemoteTrackState {
  const kind = source === 'microphone' ? 'audio' : 'video';
  return {
    producerId: id as ProducerId,
    source,
    kind,
    paused,
    track,
    score: { own: 10, producer: 10 },
    layers: undefined,
  };
}
