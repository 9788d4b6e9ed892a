import { AppError, newId, type Emitter, type Unsubscribe } from '@potluck/kernel';
import { PeerId, type ChatMessage, type ConsumerLayers, type ProducerId } from '@potluck/protocol';
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
import type { RoomFiles } from './files/api.ts';
import { LocalMedia } from './media/local-media.ts';
import { publishedTrack, untilPublished } from './media/published-track.ts';
import { Moderation } from './moderation.ts';
import { StatsReader } from './quality/reader.ts';
import { Session, type SessionDeps } from './session.ts';
import { patchMe, withChat } from './state/participants.ts';
import { NetworkThrottle } from './throttle.ts';
import type { LocalSource, PublishedData, PublishedTrack, ScreenShare } from './verbs.ts';

/** Layouts change in bursts; the server is told the last. */
const viewDelayMs = 50;

/** One call. Its state is one immutable value; its verbs change it, and so does the server. */
export class Room {
  readonly microphone: LocalSource<MicrophoneOptions>;
  readonly camera: LocalSource<CameraOptions>;
  readonly screen: ScreenShare;
  readonly moderation: Moderation;
  readonly files: RoomFiles;
  readonly throttle: NetworkThrottle;
  /** What `join` waits for, of a room that `openRoom` gave at once. */
  readonly joined: Promise<void>;
  readonly #session: Session;
  readonly #options: JoinOptions;
  readonly #stats: StatsReader;
  #viewTimer: ReturnType<typeof setTimeout> | undefined;

  /** Not for programs: use `Room.join` or `openRoom`. */
  constructor(session: Session, options: JoinOptions) {
    this.#session = session;
    this.#options = options;
    const { sending, receiving, store } = session;
    const media = new LocalMedia({ session, mediaDevices: options.runtime?.mediaDevices });
    this.microphone = media.microphone;
    this.camera = media.camera;
    this.screen = media.screen;
    this.moderation = new Moderation(session);
    this.files = session.files;
    this.throttle = new NetworkThrottle(session.call);
    this.#stats = new StatsReader({ sending, receiving, state: () => store.state });
    session.events.on('ended', () => clearTimeout(this.#viewTimer));
    this.joined = session.ready;
  }

  /** Resolves once the room is entered. Rejects with an AppError: `unavailable` (not reachable, aborted), `forbidden`, … */
  static async join(url: string | URL, options: JoinOptions): Promise<Room> {
    const room = openRoom(url, options);
    await room.joined;
    return room;
  }

  get events(): Emitter<RoomEvents> {
    return this.#session.events;
  }

  /** Now. Immutable; parts that did not change are the same objects as before. */
  get state(): RoomState {
    return this.#session.store.state;
  }

  /** Calls `listener` after every change of `state`. Bound: fits `useSyncExternalStore(room.subscribe, room.snapshot)`. */
  readonly subscribe = (listener: () => void): Unsubscribe => this.#session.store.subscribe(listener);

  /** The same as `state`, bound. */
  readonly snapshot = (): RoomState => this.state;

  async setDisplayName(displayName: string): Promise<void> {
    const { wishes, call, store } = this.#session;
    wishes.displayName = displayName;
    await this.#session.wish(() => call('changeDisplayName', { displayName }));
    store.update((state) => patchMe(state, { displayName }));
  }

  /** Resolves when the server has taken it; a lost connection delays it and never doubles it. 1 to 4000 characters. */
  async sendChat(text: string): Promise<ChatMessage> {
    const id = newId();
    const message = await this.#session.persist(() => this.#session.call('sendChat', { id, text }));
    this.#session.store.update((state) => withChat(state, message));
    return message;
  }

  async setHandRaised(raised: boolean): Promise<void> {
    const { wishes, call, store, now } = this.#session;
    wishes.handRaised = raised;
    await this.#session.wish(() => call('setHandRaised', { raised }));
    // The server's own time may have come by a notice already.
    store.update((state) => {
      const handRaisedAt = raised ? (state.me.handRaisedAt ?? now + state.clockOffset) : undefined;
      return patchMe(state, { handRaisedAt });
    });
  }

  /** One emoji over the own tile. */
  async sendReaction(emoji: string): Promise<void> {
    await this.#session.ready;
    await this.#session.call('sendReaction', { emoji });
  }

  /**
   * What is on screen and how large: only these videos are received, at a fitting resolution. Sound always is. Call it
   * at every layout; calls are gathered. Until the first call everything is received.
   */
  setView(shown: readonly ShownVideo[]): void {
    const { wishes, call, tasks } = this.#session;
    wishes.view = shown.map(({ producerId, width, height }) => ({ producerId, width, height }));
    if (this.#viewTimer !== undefined || this.#session.ended) return;
    this.#viewTimer = setTimeout(() => {
      this.#viewTimer = undefined;
      const video = [...(wishes.view ?? [])];
      tasks.spawn(
        'set view',
        this.#session.wish(() => call('setView', { video })),
      );
    }, viewDelayMs);
  }

  /** Caps one received video by hand, against what `setView` would choose. */
  async setPreferredLayers(producerId: ProducerId, layers: ConsumerLayers): Promise<void> {
    const entry = this.#session.receiving.newestOf(producerId);
    if (entry === undefined) throw new AppError('not_found', `no track of producer ${producerId} is received`);
    await this.#session.call('setConsumerPreferredLayers', { consumerId: entry.consumerId, ...layers });
  }

  /** Publishes a track of the program's own making (canvas, file, WebAudio). Resolves when the server has taken it. */
  async publishTrack(track: MediaStreamTrack, options: PublishOptions = {}): Promise<PublishedTrack> {
    this.#mustSend('publishTrack');
    const { source = 'other', appData, ...encoding } = options;
    const publication = this.#session.sending.publish({
      track,
      source,
      paused: false,
      encoding,
      ...(appData !== undefined && { appData }),
    });
    await untilPublished(publication);
    publication.events.on('warned', (error) => this.events.emit('warned', error));
    publication.events.on('failed', (error) => this.events.emit('warned', error));
    return publishedTrack(publication);
  }

  /** Opens a data channel, to everyone or to `options.to`. Receivers get `dataReceived`. Rejects when the server refuses it. */
  async publishData(label: string, options: DataOptions = {}): Promise<PublishedData> {
    this.#mustSend('publishData');
    if (this.#options.dataChannels === false) {
      throw new AppError('conflict', 'publishData needs data channels: join without `dataChannels: false`');
    }
    const data = this.#session.sending.publishData({ label, options });
    data.events.on('warned', (error) => this.events.emit('warned', error));
    if (data.state === 'open') return data;
    const { promise, resolve, reject } = Promise.withResolvers<PublishedData>();
    data.events.once('opened', () => resolve(data));
    data.events.once('failed', reject);
    data.events.once('closed', () => reject(new AppError('unavailable', 'the data channel was closed')));
    return promise;
  }

  /** One reading of every stream. Rates are over the time since the call before, so call it regularly. */
  stats(): Promise<StreamStats[]> {
    return this.#stats.read();
  }

  /** Says goodbye and frees everything. Idempotent; afterwards `state.connection` is `{ kind: 'ended', reason: 'left' }`. */
  leave(): Promise<void> {
    return this.#session.leave();
  }

  #mustSend(verb: string): void {
    if (this.#session.ended) throw new AppError('unavailable', `${verb}: the call has ended`);
    if (this.#options.produce === false) {
      throw new AppError('conflict', `${verb} needs a send transport: join without \`produce: false\``);
    }
  }
}

/** Gives the room at once, in state `joining`; await `room.joined`. Throws `bad_request` for options that cannot be right. */
export function openRoom(url: string | URL, options: JoinOptions, deps: SessionDeps = {}): Room {
  const peerId = PeerId.safeParse(options.peerId ?? newId());
  if (!peerId.success) throw new AppError('bad_request', peerId.error.issues[0]?.message ?? 'peerId is not usable');
  if (options.roomId === '') throw new AppError('bad_request', 'roomId must not be empty');
  const session = new Session(url, peerId.data, options, deps);
  const room = new Room(session, options);
  session.start();
  const { microphone, camera } = options;
  // Devices open while the socket does, once the engine has: what is ready is published in the first round trip.
  if (microphone !== undefined && microphone !== false) {
    session.tasks.spawn('microphone', room.microphone.start(microphone === true ? {} : microphone));
  }
  if (camera !== undefined && camera !== false) {
    session.tasks.spawn('camera', room.camera.start(camera === true ? {} : camera));
  }
  return room;
}

/** `Room.join` as a function. */
export const joinRoom = (url: string | URL, options: JoinOptions): Promise<Room> => Room.join(url, options);
