import { AppError, closeCodes, Emitter, systemClock, Tasks, withTimeout, type Clock } from '@potluck/kernel';
import type { EndReason, NoticeData, PeerId } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import type { EndedReason, JoinOptions, RoomEvents, RoomState } from './api.ts';
import { asAppError, endedReason } from './errors.ts';
import { describeDevice, loadDevice, type MediaDevice } from './media/device.ts';
import { Path } from './media/path.ts';
import { Receiving } from './media/receiving.ts';
import { Sending } from './media/sending.ts';
import { NoticeBoard } from './notice-board.ts';
import { makeCall, parseNotice, parseServerRequest, type Call } from './signal/api.ts';
import { Signalling } from './signal/link.ts';
import { Liveness } from './signal/liveness.ts';
import { webSocketConnect, type Connect } from './signal/socket.ts';
import { connectionUrl } from './signal/url.ts';
import { browserWake, type Wake } from './signal/wake.ts';
import { connectionOf, initialState, type Recovery } from './state/initial.ts';
import { applyEntered, attachTracks } from './state/participants.ts';
import { Store } from './state/store.ts';

export type SessionDeps = { connect?: Connect; wake?: Wake; clock?: Clock; loadDevice?: typeof loadDevice };

const giveUpMs = { first: 15_000, later: 15 * 60_000 };
const goodbyeMs = 1000;

/** What a new stay in the room must be told again. */
type Wishes = {
  displayName: string;
  handRaised: boolean;
  view: readonly { producerId: string; width: number; height: number }[] | undefined;
};

/** One stay in a room, from the first socket to the end: enters, keeps media alive, enters again if forgotten. */
export class Session {
  readonly store: Store<RoomState>;
  readonly events = new Emitter<RoomEvents>();
  readonly call: Call;
  readonly sending: Sending;
  readonly receiving: Receiving;
  readonly wishes: Wishes;
  readonly tasks = new Tasks((_, error) => this.events.emit('warned', asAppError(error)));
  readonly #options: JoinOptions;
  readonly #clock: Clock;
  readonly #loadDevice: typeof loadDevice;
  readonly #signalling: Signalling;
  readonly #liveness: Liveness;
  readonly #board: NoticeBoard;
  readonly #paths: { readonly send: Path<types.Transport>; readonly receive: Path<types.Transport> };
  readonly #stopWake: () => void;
  #ready = pendingReady();
  #device: { media: MediaDevice; key: string } | undefined;
  #entered = false;
  #ended = false;
  /** Why the server will close the socket, said before it does. */
  #ending: { reason: EndReason; message: string } | undefined;
  #recovery: { signalling?: Recovery; send?: Recovery; receive?: Recovery } = {};
  /** Bumped when the server begins a new stream: an entry that was under way is void. */
  #era = 0;

  constructor(url: string | URL, peerId: PeerId, options: JoinOptions, deps: SessionDeps = {}) {
    this.#options = options;
    this.#clock = deps.clock ?? systemClock;
    this.#loadDevice = deps.loadDevice ?? loadDevice;
    this.wishes = { displayName: options.displayName, handRaised: false, view: undefined };
    this.store = new Store(initialState(options.roomId, peerId, options.displayName));
    this.#signalling = new Signalling({
      connect: deps.connect ?? webSocketConnect(options.runtime ?? {}),
      url: (resume) => connectionUrl(url, peerId, options, resume),
      onRequest: (method, data) => this.#asked(method, data),
      giveUpMs,
      clock: this.#clock,
    });
    this.call = makeCall((method, data) => this.#signalling.request(method, data));
    this.sending = new Sending(this.call);
    this.receiving = new Receiving(this.call);
    this.#board = new NoticeBoard({ store: this.store, events: this.events, receiving: this.receiving });
    this.#paths = { send: this.#path('send'), receive: this.#path('receive') };
    this.#liveness = new Liveness({
      linked: () => this.#signalling.linked,
      ask: () => this.call('getRouterRtpCapabilities', {}),
      onDead: (why) => this.#signalling.reconnect(why),
      clock: this.#clock,
    });
    this.#stopWake = (deps.wake ?? browserWake)(() => this.#woke());
    this.#listen();
  }

  get ended(): boolean {
    return this.#ended;
  }

  get now(): number {
    return this.#clock.now();
  }

  /** Resolves when the room is entered (again); rejects when the call ended. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  start(): void {
    const { signal } = this.#options;
    const abort = () => {
      if (!this.#entered) this.end('left', 'given up', new AppError('unavailable', 'joining was given up'));
    };
    if (signal?.aborted === true) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    this.#signalling.start();
  }

  /** Says goodbye if there is somebody to say it to. */
  async leave(): Promise<void> {
    if (this.#ended) return;
    if (this.#entered && this.#signalling.linked) {
      await withTimeout(this.call('leave', {}), goodbyeMs, 'leaving', this.#clock).catch(() => undefined);
    }
    this.end('left', 'you left');
  }

  /** Idempotent. `error` is what those get who wait for the room. */
  end(reason: EndedReason, message: string, error = new AppError('unavailable', message)): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#era += 1;
    this.#stopWake();
    this.#liveness.close();
    this.#signalling.close(closeCodes.normal, reason);
    this.sending.close();
    this.receiving.close();
    this.#paths.send.close();
    this.#paths.receive.close();
    this.#ready.reject(error);
    this.store.update((state) => ({ ...state, connection: { kind: 'ended', reason, message } }));
    this.events.emit('ended', { reason, message });
  }

  /** Repeats a request that means the same twice, until a server that knows us has answered it. */
  async persist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.ready;
      const era = this.#era;
      try {
        return await ask();
      } catch (error) {
        if (this.#ended || (era === this.#era && this.#signalling.linked)) throw error;
      }
    }
  }

  /** For what `wishes` holds: a server that forgot us is told by the next entry. */
  async wish(ask: () => Promise<unknown>): Promise<void> {
    await this.ready;
    const era = this.#era;
    try {
      await ask();
    } catch (error) {
      if (this.#ended || era === this.#era) throw error;
    }
  }

  #listen(): void {
    const { events } = this.#signalling;
    events.on('opened', () => this.#opened());
    events.on('resumed', () => this.#recover('signalling', undefined));
    events.on('lost', (recovery) => this.#recover('signalling', recovery));
    events.on('notified', (name, data) => this.#noticed(name, data));
    events.on('dropped', (why) => this.#warn(new AppError('internal', `a frame of the server was dropped: ${why}`)));
    events.on('closed', (code, reason) => this.#closed(code, reason));
    this.receiving.events.on('warned', (error) => this.#warn(error));
    this.receiving.events.on('message', (message) => this.events.emit('dataReceived', message));
  }

  #path(direction: 'send' | 'receive'): Path<types.Transport> {
    const { dataChannels = true, forceTcp = false } = this.#options;
    const path = new Path<types.Transport>({
      direction,
      call: this.call,
      build: (info) => this.#build(direction, info),
      dataChannels,
      forceTcp,
      clock: this.#clock,
    });
    path.events.on('opened', (transport) => {
      const onBroken = () => path.distrust('lost');
      if (direction === 'receive') return this.receiving.use(transport, onBroken, dataChannels);
      this.sending.use({ transport, codecs: this.#device?.media.sendCodecs ?? [] }, onBroken);
    });
    path.events.on('repairing', (recovery) => {
      this.#recover(direction, recovery);
      this.#liveness.probe('the media path is down');
    });
    path.events.on('repaired', () => this.#recover(direction, undefined));
    path.events.on('warned', (error) => this.#warn(error));
    return path;
  }

  #build(direction: 'send' | 'receive', info: Parameters<MediaDevice['openSend']>[0]): types.Transport {
    if (this.#device === undefined) throw new AppError('internal', 'a transport before the device');
    const { media } = this.#device;
    return direction === 'send' ? media.openSend(info) : media.openReceive(info);
  }

  #opened(): void {
    this.#era += 1;
    if (this.#entered) this.#await();
  }

  /** The room has to be entered again: who needs it waits. */
  #await(): void {
    this.#entered = false;
    this.#ready = pendingReady();
  }

  #noticed(name: string, data: unknown): void {
    this.#liveness.heard();
    try {
      const notice = parseNotice(name, data);
      if (notice === undefined) return;
      if (notice.name === 'welcome') this.tasks.spawn('enter', this.#enter(notice.data));
      else if (notice.name === 'sessionEnding') this.#ending = notice.data;
      else if (notice.name === 'transportFailed') this.#distrust(notice.data.transportId);
      else this.#board.put(notice);
    } catch (error) {
      this.#warn(asAppError(error));
    }
  }

  async #asked(method: string, data: unknown): Promise<unknown> {
    this.#liveness.heard();
    if (method !== 'newDataConsumer') throw new AppError('not_found', `unknown method "${method}"`);
    await this.receiving.openData(parseServerRequest(method, data));
    return {};
  }

  async #enter(welcome: NoticeData<'welcome'>): Promise<void> {
    const era = this.#era;
    this.#ending = undefined;
    this.#signalling.resumeWith(welcome.resumeToken);
    try {
      await this.#prepare(welcome);
      if (era !== this.#era) return;
      await this.#enterNow(welcome, era);
    } catch (error) {
      const failure = asAppError(error);
      // Forgotten on the way in: the next welcome follows.
      if (era !== this.#era || failure.code === 'unavailable') return;
      this.end(failure.code === 'unsupported' ? 'unsupported' : 'refused', failure.message, failure);
    }
  }

  async #prepare({ routerRtpCapabilities, iceServers }: NoticeData<'welcome'>): Promise<void> {
    const key = JSON.stringify([routerRtpCapabilities, iceServers]);
    if (this.#device?.key === key) return;
    const media = await this.#loadDevice(this.#options.runtime ?? {}, routerRtpCapabilities, iceServers);
    this.#device = { media, key };
  }

  async #enterNow(welcome: NoticeData<'welcome'>, era: number): Promise<void> {
    const { consume = true, dataChannels = true, device } = this.#options;
    const media = this.#device?.media;
    const askedAt = this.#clock.now();
    const entering = this.call('enter', {
      displayName: this.wishes.displayName,
      device: device ?? describeDevice(),
      ...(consume && media !== undefined && { rtpCapabilities: media.rtpCapabilities }),
      ...(consume && dataChannels && { sctpCapabilities: true }),
    });
    // Nothing waits for the answer: the server does requests in order, and one round trip is all this takes.
    if (welcome.sendTransport !== undefined) this.#paths.send.use(welcome.sendTransport);
    if (welcome.receiveTransport !== undefined) this.#paths.receive.use(welcome.receiveTransport);
    this.#repeatWishes();
    const entered = await entering;
    if (era !== this.#era) return;
    const answeredAt = this.#clock.now();
    const clockOffset = Math.round(entered.now - (askedAt + answeredAt) / 2);
    this.store.update((state) =>
      attachTracks(applyEntered(state, { ...entered, clockOffset }), (id) => this.receiving.trackOf(id)),
    );
    this.#entered = true;
    this.#recover('signalling', undefined);
    this.#ready.resolve();
  }

  #repeatWishes(): void {
    const { handRaised, view } = this.wishes;
    if (handRaised) this.tasks.spawn('raise hand', this.call('setHandRaised', { raised: true }));
    if (view !== undefined) this.tasks.spawn('set view', this.call('setView', { video: [...view] }));
  }

  #distrust(transportId: string): void {
    for (const path of Object.values(this.#paths)) {
      if (path.transport?.id === transportId) path.distrust('broken');
    }
  }

  #woke(): void {
    this.#signalling.reconnect('awake');
    this.#liveness.probe('awake');
    this.#paths.send.check();
    this.#paths.receive.check();
  }

  #recover(what: 'signalling' | 'send' | 'receive', recovery: Recovery | undefined): void {
    const { [what]: _, ...rest } = this.#recovery;
    this.#recovery = recovery === undefined ? rest : { ...rest, [what]: recovery };
    this.#showConnection();
  }

  #showConnection(): void {
    if (this.#ended) return;
    const { signalling, send, receive } = this.#recovery;
    const before = this.store.state.connection;
    // Once in the room, a new entry is part of getting back.
    const connection = connectionOf(this.#entered || before.kind !== 'joining', signalling, send ?? receive);
    if (before.kind === 'connected' && connection.kind === 'connected') return;
    this.store.update((state) => ({ ...state, connection }));
  }

  #closed(code: number | undefined, reason: string): void {
    if (code === undefined) return this.end('unreachable', reason);
    const ending = this.#ending ?? { reason: 'refused' as const, message: reason };
    const error = new AppError(ending.reason === 'refused' ? 'forbidden' : 'unavailable', ending.message);
    this.end(endedReason(ending.reason), ending.message, error);
  }

  #warn(error: AppError): void {
    this.events.emit('warned', error);
  }
}

/** Whoever asks gets the failure; if nobody does, it is no unhandled rejection. */
function pendingReady(): PromiseWithResolvers<void> {
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  return ready;
}
