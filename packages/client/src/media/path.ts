import { backoffDelay, elapsed, Emitter, systemClock, Tasks, type AppError, type Clock } from '@potluck/kernel';
import type { TransportId, WebRtcTransportInfo } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import { asAppError } from '../errors.ts';
import type { Call } from '../signal/api.ts';
import { patienceMs, repairStep, type RepairStep } from './repair.ts';

/** The part of mediasoup-client's transport that keeping it alive takes. Tests bring their own. */
export type PathTransport = Pick<types.Transport, 'id' | 'closed' | 'connectionState' | 'close' | 'restartIce' | 'on'>;

export type PathOptions<T extends PathTransport> = {
  direction: 'send' | 'receive';
  call: Call;
  build: (info: WebRtcTransportInfo) => T;
  dataChannels: boolean;
  forceTcp: boolean;
  clock?: Clock;
  random?: () => number;
};

export type PathEvents<T> = {
  /** A transport to use from now on; the one before, and all on it, is gone. */
  opened: [transport: T];
  /** A transport that was made ready goes on from another, which is gone (`lost`) or to be closed when all flows here. */
  moved: [transport: T, before: T | undefined, lost: boolean];
  repairing: [recovery: { attempt: number; since: number }];
  repaired: [];
  /** A step of the repair failed; others follow. */
  warned: [error: AppError];
};

const backoff = { firstMs: 500, maxMs: 10_000 };

/** Keeps one direction of media alive: waits, restarts ICE, builds a new transport, over TCP if need be. */
export class Path<T extends PathTransport> {
  readonly events = new Emitter<PathEvents<T>>();
  readonly #options: PathOptions<T>;
  readonly #clock: Clock;
  readonly #tasks: Tasks;
  #transport: T | undefined;
  #repairing = false;
  /** Bumped by every fresh start, so that a repair of before ends. */
  #era = 0;
  #closed = false;
  #cancelPatience: (() => void) | undefined;
  /** Told to be lost while a repair is under way, perhaps before the answer that names it. */
  readonly #lost = new Set<string>();
  #stopWaiting = () => {};

  constructor(options: PathOptions<T>) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#tasks = new Tasks((_, error) => this.events.emit('warned', asAppError(error)));
  }

  get transport(): T | undefined {
    return this.#transport;
  }

  /** Begins (or begins anew) with a transport that the server has. */
  use(info: WebRtcTransportInfo): void {
    this.#era += 1;
    if (this.#repairing) this.events.emit('repaired');
    this.#repairing = false;
    this.#swap(info);
  }

  /** Goes on with a transport that was made ready for this. */
  moveTo(transport: T, lost: boolean): void {
    if (this.#closed) return;
    const before = this.#transport;
    this.#era += 1;
    this.#cancelPatience?.();
    if (this.#repairing) this.events.emit('repaired');
    this.#repairing = false;
    this.#adopt(transport);
    this.events.emit('moved', transport, before, lost);
    this.#stateChanged(transport, transport.connectionState);
  }

  /** The server, or a request on this transport, says that it does not work. */
  distrust(cause: 'broken' | 'lost'): void {
    if (this.#closed || this.#repairing || this.#transport === undefined) return;
    this.#repairing = true;
    this.#tasks.spawn('repair', this.#repair(cause, this.#era));
  }

  /** The server has lost a transport: this one, another one, or one that it is about to answer with. */
  lose(transportId: string): void {
    const current = transportId === this.#transport?.id;
    if (this.#repairing) this.#lost.add(transportId);
    if (current && this.#repairing) this.#stopWaiting();
    else if (current) this.distrust('lost');
  }

  /** The network just changed: what would be noticed in seconds is tried now. */
  check(): void {
    const state = this.#transport?.connectionState;
    if (state === 'disconnected' || state === 'failed') this.distrust('broken');
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#era += 1;
    this.#cancelPatience?.();
    this.#transport?.close();
  }

  #swap(info: WebRtcTransportInfo): void {
    this.#cancelPatience?.();
    this.#transport?.close();
    const transport = this.#options.build(info);
    this.#adopt(transport);
    this.events.emit('opened', transport);
  }

  #adopt(transport: T): void {
    this.#transport = transport;
    transport.on('connectionstatechange', (state) => this.#stateChanged(transport, state));
  }

  #stateChanged(transport: T, state: types.ConnectionState): void {
    if (transport !== this.#transport || this.#closed) return;
    this.#cancelPatience?.();
    if (state === 'failed') this.distrust('broken');
    // A radio hiccup heals by itself; the browser's own «failed» would take half a minute.
    if (state === 'disconnected')
      this.#cancelPatience = this.#clock.after(patienceMs.disconnected, () => this.distrust('broken'));
    if (state === 'connecting')
      this.#cancelPatience = this.#clock.after(patienceMs.connecting, () => this.distrust('broken'));
  }

  async #repair(cause: 'broken' | 'lost', era: number): Promise<void> {
    const since = this.#clock.now();
    this.#lost.clear();
    let lost = cause === 'lost';
    let losses = 0;
    for (let attempt = 1; this.#current(era); attempt++) {
      this.events.emit('repairing', { attempt, since });
      const before = this.#transport;
      const outcome = await this.#try(repairStep(attempt, lost), era);
      if (!this.#current(era)) return;
      if (outcome === 'works') break;
      const gone = this.#lost.has(this.#transport?.id ?? '');
      const news = gone && (!lost || this.#transport !== before);
      lost ||= gone || outcome === 'lost';
      // The worker under it has died: nothing is wrong with the way there.
      if (news) attempt = 0;
      const atOnce = news ? losses++ === 0 : outcome === 'lost' && attempt === 1;
      if (!atOnce) await this.#sleep(news ? losses : attempt - 1);
    }
    if (!this.#current(era)) return;
    this.#repairing = false;
    this.events.emit('repaired');
  }

  async #try(step: RepairStep, era: number): Promise<'works' | 'fails' | 'lost'> {
    const transport = this.#transport;
    if (transport === undefined) return 'fails';
    try {
      if (step.kind === 'restartIce') await this.#restartIce(transport);
      else await this.#rebuild(transport, step.forceTcp || this.#options.forceTcp, era);
      return (await this.#connected(step.patienceMs)) ? 'works' : 'fails';
    } catch (error) {
      const failure = asAppError(error);
      if (this.#current(era)) this.events.emit('warned', failure);
      return failure.code === 'not_found' || failure.code === 'conflict' ? 'lost' : 'fails';
    }
  }

  async #restartIce(transport: T): Promise<void> {
    const iceParameters = await this.#options.call('restartIce', { transportId: idOf(transport) });
    await transport.restartIce({ iceParameters });
  }

  async #rebuild(old: T, forceTcp: boolean, era: number): Promise<void> {
    const { call, direction, dataChannels } = this.#options;
    // Sent together and done in order: the server has one transport of this direction at a time.
    const closing = call('closeTransport', { transportId: idOf(old) });
    const opening = call('createWebRtcTransport', {
      producing: direction === 'send',
      consuming: direction === 'receive',
      forceTcp,
      ...(dataChannels && { sctpCapabilities: true }),
    });
    const [info] = await Promise.all([opening, closing.catch(() => undefined)]);
    if (this.#current(era)) this.#swap(info);
  }

  /** Whether it connects in time. A transport that carries nothing stays `new`: nothing is broken. */
  async #connected(ms: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const transport = this.#transport;
    const settle = () => {
      const state = transport?.connectionState;
      if (state === 'failed' || state === 'closed' || this.#lost.has(transport?.id ?? '')) resolve(false);
      else if (state === 'connected') resolve(true);
    };
    this.#stopWaiting = settle;
    const unused = () => {
      if (transport?.connectionState === 'new') resolve(true);
    };
    transport?.on('connectionstatechange', settle);
    const cancel = [this.#clock.after(patienceMs.unused, unused), this.#clock.after(ms, () => resolve(false))];
    settle();
    const works = await promise;
    cancel.forEach((stop) => stop());
    return works;
  }

  #sleep(attempt: number): Promise<void> {
    const { random } = this.#options;
    const delay = backoffDelay(attempt, { ...backoff, ...(random !== undefined && { random }) });
    return elapsed(delay, this.#clock);
  }

  #current(era: number): boolean {
    return !this.#closed && era === this.#era;
  }
}

const idOf = (transport: PathTransport): TransportId => transport.id as TransportId;
