import {
  AppError,
  backoffDelay,
  Channel,
  closeCodes,
  decodeFrame,
  Emitter,
  framesOf,
  Link,
  systemClock,
  type Clock,
} from '@potluck/kernel';
import { LinkHello } from '@potluck/protocol';
import type { Connect, Socket } from './socket.ts';
import type { Address, Resume } from './url.ts';

export type SignallingOptions = {
  connect: Connect;
  /** Of the next attempt. */
  address: (resume: Resume | undefined) => Address;
  onRequest: (method: string, data: unknown) => Promise<unknown>;
  /** Milliseconds without a connection until it is given up: before the first success, and later. */
  giveUpMs: { first: number; later: number };
  clock?: Clock;
  random?: () => number;
};

export type SignallingEvents = {
  /** A new stream of frames begins: the server knows nothing of us. */
  opened: [];
  /** The stream goes on where it was: nothing was lost, nobody need know. */
  resumed: [];
  /** No socket; this is the n-th attempt (from 1) to get one. */
  lost: [recovery: { attempt: number; since: number }];
  /** A socket ended before the server greeted: refused, or never there. Told before `lost` or `closed`. */
  refused: [];
  notified: [name: string, data: unknown];
  /** Over for good. `code` is undefined when it was given up. */
  closed: [code: number | undefined, reason: string];
  /** A frame that could not be understood. */
  dropped: [why: string];
};

type State =
  | { kind: 'idle' }
  /** A socket is opening, or open and waiting for the server's first frame. */
  | { kind: 'connecting'; socket: Socket; since: number; cancel: () => void }
  | { kind: 'linked'; socket: Socket }
  | { kind: 'waiting'; cancel: () => void }
  | { kind: 'closed' };

/** For the server a socket closed with 1000 or 1001 means that the peer left; with this one it waits for the next. */
const abandoned = 4002;
const backoff = { firstMs: 300, maxMs: 8000 };
/** Until the first frame of a new socket. */
const connectMs = 10_000;
/** Requests outlive sockets: longer than the time the server keeps a peer without one. */
const requestMs = 60_000;
const ackAfterMs = 1000;
const unacked = { maxFrames: 4096, maxChars: 8 * 1024 * 1024 };

/** One numbered stream of requests and notices over as many sockets as it takes. */
export class Signalling {
  readonly events = new Emitter<SignallingEvents>();
  readonly #options: SignallingOptions;
  readonly #clock: Clock;
  #state: State = { kind: 'idle' };
  #link = new Link(unacked);
  #channel: Channel | undefined;
  #token: string | undefined;
  #attempt = 0;
  #lostAt: number;
  #socketMs = 0;
  #cancelAck: (() => void) | undefined;

  constructor(options: SignallingOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#lostAt = this.#clock.now();
  }

  get linked(): boolean {
    return this.#state.kind === 'linked';
  }

  /** From the start of the newest socket to the server's first frame: about two round trips. */
  get socketMs(): number {
    return this.#socketMs;
  }

  /** Call once. */
  start(): void {
    this.#lostAt = this.#clock.now();
    this.#connect();
  }

  /** From now on a lost socket is followed by one that resumes with this secret of `welcome`. */
  resumeWith(token: string): void {
    this.#token = token;
  }

  /** The secret to come back with, if there is one. */
  get resumeToken(): string | undefined {
    return this.#token;
  }

  /** Survives lost sockets; rejects with `unavailable` when the server does not know us any more. */
  async request(method: string, data: unknown): Promise<unknown> {
    if (this.#channel === undefined) throw new AppError('unavailable', 'not connected yet');
    return this.#channel.request(method, data);
  }

  /** The network may be back: what would be tried later is tried now. */
  hurry(): void {
    if (this.#state.kind !== 'waiting') return;
    this.#state.cancel();
    this.#attempt = 0;
    this.#connect();
  }

  /** The socket is dead though it does not know: another one, now. */
  replace(why: string): void {
    if (this.#state.kind !== 'linked') return;
    this.#state.socket.close(abandoned, why);
    this.hurry();
  }

  /** Idempotent. No `closed` event: the caller knows. */
  close(code: number, reason: string): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    this.#finish(reason);
    if (state.kind === 'linked' || state.kind === 'connecting') state.socket.close(code, reason);
    if (state.kind === 'waiting' || state.kind === 'connecting') state.cancel();
  }

  #connect(): void {
    const resume = this.#resume();
    const since = this.#clock.now();
    const socket = this.#options.connect(this.#options.address(resume));
    const cancel = this.#clock.after(connectMs, () => socket.close(abandoned, 'no answer'));
    this.#state = { kind: 'connecting', socket, since, cancel };
    socket.events.on('received', (text) => this.#received(socket, text, resume !== undefined));
    socket.events.on('closed', (code, reason) => this.#lost(socket, code, reason));
  }

  /** After more frames than may wait, the two sides cannot agree any more: begin anew. */
  #resume(): Resume | undefined {
    if (this.#token === undefined || this.#channel === undefined || this.#link.broken) return undefined;
    return { token: this.#token, ack: this.#link.received };
  }

  #received(socket: Socket, text: string, resuming: boolean): void {
    const state = this.#state;
    if ((state.kind !== 'linked' && state.kind !== 'connecting') || state.socket !== socket) return;
    const message = decodeFrame(text);
    if (message === undefined) return this.events.emit('dropped', 'not JSON');
    if (state.kind === 'connecting') return this.#greeted(state, message, resuming);
    const fresh = this.#link.receive(message);
    this.#acknowledgeSoon();
    if (fresh !== undefined) for (const frame of framesOf(fresh)) this.#channel?.receive(frame);
  }

  #greeted(state: State & { kind: 'connecting' }, message: unknown, resuming: boolean): void {
    const hello = LinkHello.safeParse(message);
    if (!hello.success || (hello.data.link === 'resumed' && !resuming)) {
      this.events.emit('dropped', 'the server did not greet as our own');
      return state.socket.close(abandoned, 'not a Potluck server');
    }
    state.cancel();
    this.#socketMs = this.#clock.now() - state.since;
    this.#state = { kind: 'linked', socket: state.socket };
    this.#attempt = 0;
    if (hello.data.link === 'opened') this.#begin();
    this.#link.attach((text) => state.socket.send(text), hello.data.ack);
    this.events.emit(hello.data.link === 'opened' ? 'opened' : 'resumed');
  }

  #begin(): void {
    this.#channel?.close('the server does not know this session any more');
    this.#token = undefined;
    const link = new Link(unacked);
    this.#link = link;
    this.#channel = new Channel({
      send: (frame) => link.send(frame),
      onRequest: this.#options.onRequest,
      onNotification: (name, data) => this.events.emit('notified', name, data),
      onDropped: (why) => this.events.emit('dropped', why),
      timeoutMs: () => requestMs,
      clock: this.#clock,
    });
  }

  #lost(socket: Socket, code: number, reason: string): void {
    const state = this.#state;
    if ((state.kind !== 'linked' && state.kind !== 'connecting') || state.socket !== socket) return;
    if (state.kind === 'connecting') state.cancel();
    else this.#lostAt = this.#clock.now();
    this.#link.detach();
    if (code === closeCodes.ended) return this.#end(code, reason);
    if (state.kind === 'connecting') this.events.emit('refused');
    const { first, later } = this.#options.giveUpMs;
    const limit = this.#channel === undefined ? first : later;
    if (this.#clock.now() - this.#lostAt >= limit) return this.#end(undefined, 'the server cannot be reached');
    // The first attempt after a loss comes almost at once, with some spread: many clients lose the same server.
    const delay = backoffDelay(this.#attempt, {
      ...backoff,
      ...(this.#options.random && { random: this.#options.random }),
    });
    this.#attempt += 1;
    this.#state = { kind: 'waiting', cancel: this.#clock.after(delay, () => this.#connect()) };
    this.events.emit('lost', { attempt: this.#attempt, since: this.#lostAt });
  }

  #end(code: number | undefined, reason: string): void {
    this.#finish(reason);
    this.events.emit('closed', code, reason);
  }

  #finish(reason: string): void {
    this.#state = { kind: 'closed' };
    this.#cancelAck?.();
    this.#link.detach();
    this.#channel?.close(reason);
  }

  /** Without traffic of our own the server would keep what we have long received. */
  #acknowledgeSoon(): void {
    this.#cancelAck ??= this.#clock.after(ackAfterMs, () => {
      this.#cancelAck = undefined;
      this.#link.acknowledge();
    });
  }
}
