import { AppError, type Emitter, type Unsubscribe } from '@potluck/kernel';
import type { ChatMessage, ConsumerLayers, ProducerId } from '@potluck/protocol';
import type {
  CameraOptions,
  DataOptions,
  JoinOptions,
  MicrophoneOptions,
  PublishOptions,
  RoomEvents,
  RoomState,
  ShownVideo,
  StreamStats,
} from './api.ts';
import type { LocalSource, PublishedData, PublishedTrack, ScreenShare } from './verbs.ts';

const unfinished = () => new AppError('unavailable', 'this build of the SDK has its surface only');

/** One call. Its state is one immutable value; its verbs change it, and so does the server. */
export class Room {
  readonly events: Emitter<RoomEvents>;
  readonly microphone: LocalSource<MicrophoneOptions>;
  readonly camera: LocalSource<CameraOptions>;
  readonly screen: ScreenShare;

  constructor() {
    throw unfinished();
  }

  /** Resolves once the room is entered. Rejects with an AppError: `unavailable` (not reachable, aborted), `forbidden`, … */
  static async join(_url: string | URL, _options: JoinOptions): Promise<Room> {
    throw unfinished();
  }

  /** What `join` waits for, of a room that `openRoom` gave at once. */
  readonly joined: Promise<void>;

  /** Now. Immutable; parts that did not change are the same objects as before. */
  get state(): RoomState {
    throw unfinished();
  }

  /** Calls `listener` after every change of `state`. Bound, so that it fits `useSyncExternalStore(room.subscribe, room.snapshot)`. */
  readonly subscribe = (_listener: () => void): Unsubscribe => {
    throw unfinished();
  };

  /** The same as `state`, bound. */
  readonly snapshot = (): RoomState => this.state;

  async setDisplayName(_displayName: string): Promise<void> {
    throw unfinished();
  }

  /** Resolves when the server has taken it; a lost connection delays it and never doubles it. 1 to 4000 characters. */
  async sendChat(_text: string): Promise<ChatMessage> {
    throw unfinished();
  }

  async setHandRaised(_raised: boolean): Promise<void> {
    throw unfinished();
  }

  /** One emoji over the own tile. */
  async sendReaction(_emoji: string): Promise<void> {
    throw unfinished();
  }

  /**
   * What is on screen and how large: only these videos are received, at a fitting resolution. Sound always is. Call it
   * at every layout; calls are gathered. Until the first call everything is received.
   */
  setView(_shown: readonly ShownVideo[]): void {
    throw unfinished();
  }

  /** Caps one received video by hand, against what `setView` would choose. */
  async setPreferredLayers(_producerId: ProducerId, _layers: ConsumerLayers): Promise<void> {
    throw unfinished();
  }

  /** Publishes a track of the program's own making (canvas, file, WebAudio). */
  async publishTrack(_track: MediaStreamTrack, _options: PublishOptions = {}): Promise<PublishedTrack> {
    throw unfinished();
  }

  /** Opens a data channel to everyone. Receivers get `dataReceived`. */
  async publishData(_label: string, _options: DataOptions = {}): Promise<PublishedData> {
    throw unfinished();
  }

  /** One reading of every stream. Rates are over the time since the call before, so call it regularly. */
  async stats(): Promise<StreamStats[]> {
    throw unfinished();
  }

  /** Says goodbye and frees everything. Idempotent; afterwards `state.connection` is `{ kind: 'ended', reason: 'left' }`. */
  async leave(): Promise<void> {
    throw unfinished();
  }
}

/** Gives the room at once, in state `joining`; await `room.joined`. */
export function openRoom(_url: string | URL, _options: JoinOptions): Room {
  throw unfinished();
}

/** `Room.join` as a function. */
export const joinRoom = (url: string | URL, options: JoinOptions): Promise<Room> => Room.join(url, options);
