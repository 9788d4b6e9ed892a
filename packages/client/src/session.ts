import { AppError, closeCodes, Emitter, systemClock, Tasks, withTimeout, type Clock } from '@potluck/kernel';
import type { EndReason, NoticeData, PeerId } from '@potluck/protocol';
import type { EndedReason, JoinOptions, RoomEvents, RoomState } from './api.ts';
import { Entry, type Entered, type Wishes } from './entry.ts';
import { Encryption } from './encryption/encryption.ts';
import { Files, noFilesWhy } from './files/files.ts';
import { asAppError, endedReason, refusalReason } from './errors.ts';
import { FloorClaims } from './media/claims.ts';
import { Readiness } from './readiness.ts';
import { Refusals } from './refusals.ts';
import { deviceMaker, type DeviceMaker } from './media/device.ts';
import { takenByMedia, type MediaParts } from './media/media-notices.ts';
import { MediaPaths } from './media/media-paths.ts';
import { Receiving } from './media/receiving.ts';
import { Sending } from './media/sending.ts';
import { NoticeBoard } from './notice-board.ts';
import { makeCall, parseNotice, parseServerRequest, type Call } from './signal/api.ts';
import { Signalling } from './signal/link.ts';
import { Liveness } from './signal/liveness.ts';
import { askDoorBy, type AskDoor } from './signal/door.ts';
import { webSocketConnect, type Connect } from './signal/socket.ts';
import { connectionAddress } from './signal/url.ts';
import { browserWake, type Wake } from './signal/wake.ts';
import { Connection } from './state/connection.ts';
import { initialState } from './state/initial.ts';
import { applyEntered, attachReceived } from './state/participants.ts';
import { Store } from './state/store.ts';

export type SessionDeps = {
  connect?: Connect;
  askDoor?: AskDoor;
  wake?: Wake;
  clock?: Clock;
  devices?: DeviceMaker;
};

const giveUpMs = { first: 15_000, later: 15 * 60_000 };
const goodbyeMs = 1000;

/** One stay in a room, from the first socket to the end: enters, and enters again if the server forgot. */
export class Session {
  readonly store: Store<RoomState>;
  readonly events = new Emitter<RoomEvents>();
  readonly call: Call;
  readonly sending: Sending;
  readonly receiving: Receiving;
  readonly files: Files;
  readonly wishes: Wishes;
  /** Resolves when the browser's media engine has started, or cannot. */
  readonly engineStarted: Promise<void>;
  readonly tasks = new Tasks((_, error) => this.#warn(asAppError(error)));
  readonly #options: JoinOptions;
  readonly #encryption: Encryption | undefined;
  readonly #clock: Clock;
  readonly #signalling: Signalling;
  readonly #liveness: Liveness;
  readonly #paths: MediaPaths;
  readonly #claims: FloorClaims;
  readonly #media: MediaParts;
  readonly #entry: Entry;
  readonly #board: NoticeBoard;
  readonly #connection: Connection;
  readonly #refusals: Refusals;
  readonly #stopWake: () => void;
  readonly #ready = new Readiness({
    era: () => this.#era,
    ended: () => this.#ended,
    linked: () => this.#signalling.linked,
  });
  #entered = false;
  #ended = false;
  /** Why the server will close the socket, said before it does. */
  #ending: { reason: EndReason; message: string } | undefined;
  /** Bumped when the server begins a new stream: an entry that was under way is void. */
  #era = 0;

  constructor(url: string | URL, peerId: PeerId, options: JoinOptions, deps: SessionDeps = {}) {
    const clock = deps.clock ?? systemClock;
    this.#options = options;
    this.#encryption = options.encryption && new Encryption(options.encryption, options.roomId);
    this.#clock = clock;
    this.wishes = { displayName: options.displayName, handRaised: false, view: undefined };
    this.store = new Store(initialState(options.roomId, peerId, options.displayName));
    this.#connection = new Connection({
      store: this.store,
      entered: () => this.#entered,
      ended: () => this.#ended,
    });
    this.#signalling = new Signalling({
      connect: deps.connect ?? webSocketConnect(options.runtime ?? {}),
      address: (resume) => connectionAddress(url, peerId, options, resume),
      onRequest: (method, data) => this.#asked(method, data),
      giveUpMs,
      clock,
    });
    this.#refusals = new Refusals({
      ask: deps.askDoor ?? askDoorBy(options.runtime?.fetch ?? globalThis.fetch, clock),
      url,
      options,
      peerId,
      resumeToken: () => this.#signalling.resumeToken,
      settled: () => this.#ended || this.#signalling.linked,
      joining: () => this.#connection.joining,
      refused: ({ reason, error }) => this.end(reason, error.message, error),
      tasks: this.tasks,
    });
    const call = makeCall((method, data) => this.#signalling.request(method, data));
    const sending = new Sending(call, this.#encryption);
    const receiving = new Receiving(call, clock, this.#encryption);
    this.call = call;
    this.sending = sending;
    this.receiving = receiving;
    this.#claims = new FloorClaims({ call, publications: () => sending.publications, clock });
    const { store, tasks } = this;
    const { events } = this;
    const cannotSend = noFilesWhy(options);
    this.files = new Files({
      call,
      persist: (ask) => this.persist(ask),
      sending,
      store,
      events,
      cannotSend,
      tasks,
      clock,
    });
    receiving.data.claim = (info) => this.files.claim(info);
    this.#board = new NoticeBoard({ store, events: this.events, receiving, files: this.files });
    const { make: makeDevice, started } = deps.devices ?? deviceMaker(options.runtime ?? {});
    this.engineStarted = started;
    const socketMs = () => this.#signalling.socketMs;
    const paths = new MediaPaths({ call, sending, receiving, makeDevice, clock, socketMs }, options);
    this.#paths = paths;
    this.#media = { paths, sending, claims: this.#claims };
    const onLobby = () => this.#connection.waitInLobby();
    this.#entry = new Entry({ call, sending, paths, wishes: this.wishes, tasks: this.tasks, clock, onLobby }, options);
    this.#liveness = new Liveness({
      linked: () => this.#signalling.linked,
      ask: () => call('getRouterRtpCapabilities', {}),
      onDead: (why) => this.#signalling.replace(why),
      clock,
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
      if (this.#connection.joining) this.end('left', 'given up', new AppError('unavailable', 'joining was given up'));
    };
    if (signal?.aborted === true) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    // Said when the room is entered.
    this.#encryption?.prepare().catch(() => {});
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
    this.#entry.decided(false);
    this.#stopWake();
    this.#liveness.close();
    this.#signalling.close(closeCodes.normal, reason);
    this.#claims.clear();
    this.files.close();
    this.sending.close();
    this.receiving.close();
    this.#paths.close();
    this.#encryption?.close();
    this.#ready.ended(error);
    this.#connection.end(reason, message);
    this.events.emit('ended', { reason, message });
  }

  /** See `Readiness`. */
  persist<T>(ask: () => Promise<T>): Promise<T> {
    return this.#ready.persist(ask);
  }

  /** For what `wishes` holds. */
  wish(ask: () => Promise<unknown>): Promise<void> {
    return this.#ready.wish(ask);
  }

  #listen(): void {
    const { events } = this.#signalling;
    events.on('opened', () => this.#opened());
    events.on('resumed', () => this.#connection.signalling(undefined));
    events.on('refused', () => this.#refusals.ask());
    events.on('lost', (recovery) => this.#connection.signalling(recovery));
    events.on('notified', (name, data) => this.#noticed(name, data));
    events.on('dropped', (why) => this.#warn(new AppError('internal', `a frame of the server was dropped: ${why}`)));
    events.on('closed', (code, reason) => this.#closed(code, reason));
    this.receiving.events.on('warned', (error) => this.#warn(error));
    this.receiving.events.on('message', (message) => this.events.emit('dataReceived', message));
    this.#paths.events.on('warned', (error) => this.#warn(error));
    this.#paths.events.on('repairing', (recovery) => {
      this.#connection.media(recovery);
      if (recovery !== undefined) this.#liveness.probe('the media path is down');
    });
  }

  #opened(): void {
    this.#era += 1;
    this.#board.hold();
    this.#entry.decided(false);
    this.sending.suspend();
    this.#claims.clear();
    if (!this.#entered) return;
    this.#entered = false;
    this.#ready.reopen();
  }

  #noticed(name: string, data: unknown): void {
    this.#liveness.heard();
    try {
      const notice = parseNotice(name, data);
      if (notice === undefined) return;
      if (notice.name === 'welcome') this.tasks.spawn('enter', this.#enter(notice.data));
      else if (notice.name === 'sessionEnding') this.#ending = notice.data;
      else if (notice.name === 'lobbyDecided') this.#entry.decided(notice.data.admitted);
      else if (!takenByMedia(notice, this.#media)) this.#board.put(notice);
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
    const current = () => era === this.#era;
    this.#ending = undefined;
    this.#signalling.resumeWith(welcome.resumeToken);
    try {
      await this.#encryption?.prepare();
      if (!current()) return;
      const entered = await this.#entry.enter(welcome, current);
      if (entered !== undefined) this.#arrive(entered);
    } catch (error) {
      const failure = asAppError(error);
      // Forgotten on the way in: the next welcome follows.
      if (!current() || failure.code === 'unavailable') return;
      const reason = refusalReason(failure.code);
      const told = reason === 'refused' || reason === 'passwordNeeded' ? await this.#refusals.whyNot() : undefined;
      if (current()) this.end(told?.reason ?? reason, failure.message, failure);
    }
  }

  #arrive({ answer, clockOffset }: Entered): void {
    this.store.update((state) => attachReceived(applyEntered(state, answer, clockOffset), this.receiving));
    this.files.entered(answer.files, answer.maxFileBytes);
    this.#board.release();
    this.#entered = true;
    this.#connection.signalling(undefined);
    this.#ready.entered();
  }

  #woke(): void {
    this.#signalling.hurry();
    this.#liveness.probe('awake');
    this.#paths.check();
  }

  #closed(code: number | undefined, reason: string): void {
    if (code === undefined)
      return this.#refusals.busy === undefined
        ? this.end('unreachable', reason)
        : this.end('busy', this.#refusals.busy);
    const ending = this.#ending ?? { reason: 'refused' as const, message: reason };
    const error = new AppError(
      ending.reason === 'refused' || ending.reason === 'denied' ? 'forbidden' : 'unavailable',
      ending.message,
    );
    this.end(endedReason(ending.reason), ending.message, error);
  }

  #warn(error: AppError): void {
    this.events.emit('warned', error);
  }
}
