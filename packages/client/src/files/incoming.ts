import { AppError, Emitter, newId, Tasks, type Clock } from '@potluck/kernel';
import type { FileEnd, FileOffer, TransferId } from '@potluck/protocol';
import type { FetchFailure, FetchState, FileFetch, FileReport } from './api.ts';
import { FileDigest } from './digest.ts';
import { blockBytes, decodeLastWord, decodePiece, type LastWord, type Piece } from './frames.ts';

export type IncomingDeps = {
  readonly offer: FileOffer;
  readonly clock: Clock;
  /** Asks the owner to send, or to go on. */
  readonly ask: (id: TransferId) => Promise<unknown>;
  readonly report: (id: TransferId, report: FileReport) => Promise<unknown>;
  readonly end: (id: TransferId, reason: FileEnd) => Promise<unknown>;
};

/** Without a byte for so long, an attempt is given up for another one. */
const stallMs = 10_000;
const stallsMax = 5;
/** How long the sender may take to begin. */
const beginMs = 60_000;
/** Blocks are handed over to the browser's blob store in lots of this many: it may put them on disk. */
const lotBlocks = 32;

const failureCodes: { readonly [why in FetchFailure]: 'unavailable' | 'too_large' | 'internal' } = {
  cancelled: 'unavailable',
  refused: 'unavailable',
  left: 'unavailable',
  stalled: 'unavailable',
  corrupt: 'internal',
  tooLarge: 'too_large',
  failed: 'unavailable',
};

/**
 * Receives one file. It leads: every channel, gap or silence begins a new epoch at the last whole block, so that
 * whatever is lost on the way is asked for again.
 */
export class Incoming implements FileFetch {
  readonly events: FileFetch['events'] = new Emitter();
  readonly transferId = newId() as TransferId;
  readonly #deps: IncomingDeps;
  readonly #tasks: Tasks;
  readonly #digest = new FileDigest();
  #lots: Blob[] = [];
  #blocks: Uint8Array<ArrayBuffer>[] = [];
  #block = new Uint8Array(0);
  #filled = 0;
  #received = 0;
  #reported = 0;
  #epoch = 0;
  #stalls = 0;
  #queued = false;
  #state: FetchState = { kind: 'none' };
  #result = pending();
  #cancelTimer = () => {};

  constructor(deps: IncomingDeps) {
    this.#deps = deps;
    this.#tasks = new Tasks((name, error) => {
      const { code, message } = AppError.from(error);
      // A lost socket: the next report says it all.
      if (name !== 'ask' && (code === 'unavailable' || code === 'timeout')) return;
      this.#fail(code === 'not_found' ? 'left' : 'failed', message);
    });
  }

  get id(): string {
    return this.#deps.offer.id;
  }

  get state(): FetchState {
    return this.#state;
  }

  get done(): Promise<Blob> {
    return this.#result.promise;
  }

  get active(): boolean {
    return this.#state.kind === 'waiting' || this.#state.kind === 'running';
  }

  /** Waits for another one to end. */
  get queued(): boolean {
    return this.#queued;
  }

  /** Is to begin later. */
  queue(): void {
    if (this.active || this.#state.kind === 'done') return;
    if (this.#state.kind === 'failed') this.#result = pending();
    this.#queued = true;
    this.#set({ kind: 'waiting' });
  }

  /** Asks for it, or for the rest of it. */
  begin(): void {
    if ((this.active && !this.#queued) || this.#state.kind === 'done') return;
    if (this.#state.kind === 'failed') this.#result = pending();
    this.#queued = false;
    this.#stalls = 0;
    this.#set(this.#received > 0 ? { kind: 'running', received: this.#received } : { kind: 'waiting' });
    this.askAgain();
  }

  /** The server or the sender may have forgotten it. */
  askAgain(): void {
    if (!this.active || this.#queued) return;
    this.#watch(beginMs);
    this.#spawn('ask', this.#deps.ask(this.transferId));
  }

  /** A channel for it is open: what comes on it from now on is ours. */
  opened(): void {
    if (this.active) this.#attempt();
  }

  take(data: string | ArrayBuffer): void {
    if (!this.active) return;
    if (typeof data === 'string') {
      const word = decodeLastWord(data);
      if (word?.epoch === this.#epoch) this.#tasks.spawn('finish', this.#finish(word));
      return;
    }
    const piece = decodePiece(data);
    if (piece?.epoch !== this.#epoch) return;
    if (piece.offset !== this.#received) return this.#attempt();
    if (this.#received + piece.bytes.length > this.#deps.offer.size) {
      return this.#abandon('failed', 'tooLarge', 'more came than was offered');
    }
    this.#append(piece);
    this.#stalls = 0;
    this.#watch(stallMs);
    const received = this.#received;
    if (received - this.#reported >= blockBytes || received === this.#deps.offer.size) this.#report();
    this.#set({ kind: 'running', received });
  }

  /** The other side ended it. */
  ended(reason: FileEnd): void {
    if (!this.active) return;
    // Who comes back may go on; what was refused is not kept.
    if (reason !== 'left' && reason !== 'failed') this.#forget();
    this.#fail(
      reason === 'left' ? 'left' : reason === 'failed' ? 'failed' : 'refused',
      `the sender ended it: ${reason}`,
    );
  }

  cancel(): void {
    if (!this.active) return;
    this.#forget();
    this.#abandon('cancelled', 'cancelled', 'you stopped it');
  }

  /** The call is over. */
  close(): void {
    this.#fail('left', 'the call has ended');
  }

  #append({ bytes }: Piece): void {
    const { size } = this.#deps.offer;
    let rest = bytes;
    while (rest.length > 0) {
      const start = this.#received - this.#filled;
      if (this.#filled === 0) this.#block = new Uint8Array(Math.min(blockBytes, size - start));
      const part = rest.subarray(0, this.#block.length - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      this.#received += part.length;
      rest = rest.subarray(part.length);
      if (this.#filled < this.#block.length) continue;
      this.#digest.add(Math.floor(start / blockBytes), this.#block);
      this.#blocks.push(this.#block);
      this.#filled = 0;
      if (this.#blocks.length >= lotBlocks) this.#lots.push(new Blob(this.#blocks.splice(0)));
    }
  }

  /** Begins anew at the last whole block. */
  #attempt(): void {
    this.#received -= this.#filled;
    this.#filled = 0;
    this.#epoch += 1;
    this.#watch(stallMs);
    this.#report();
  }

  #report(): void {
    this.#reported = this.#received;
    const report = { epoch: this.#epoch, received: this.#received };
    this.#spawn('report', this.#deps.report(this.transferId, report));
  }

  /** A refusal that arrives after it was begun anew says nothing about the new one. */
  #spawn(name: 'ask' | 'report', asking: Promise<unknown>): void {
    const result = this.#result;
    const heeded = asking.catch((error: unknown) => {
      if (result === this.#result) throw error;
    });
    this.#tasks.spawn(name, heeded);
  }

  #watch(ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#deps.clock.after(ms, () => {
      this.#stalls += 1;
      if (this.#epoch === 0 || this.#stalls > stallsMax)
        return this.#abandon('failed', 'stalled', 'nothing came any more');
      this.#attempt();
    });
  }

  async #finish({ digest }: LastWord): Promise<void> {
    const { size, type } = this.#deps.offer;
    if (this.#received !== size) return this.#attempt();
    this.#cancelTimer();
    const own = await this.#digest.of(Math.ceil(size / blockBytes));
    if (!this.active) return;
    const verified = digest !== undefined && own !== undefined;
    if (verified && digest !== own) {
      this.#forget();
      return this.#abandon('failed', 'corrupt', 'what came is not what was sent');
    }
    const blob = new Blob([...this.#lots, ...this.#blocks], { type });
    this.#forget();
    this.#tasks.spawn('end', this.#deps.end(this.transferId, 'received'));
    this.#set({ kind: 'done', blob, verified });
    this.#result.resolve(blob);
    this.events.emit('finished', this.#state);
  }

  /** Tells the sender. */
  #abandon(reason: FileEnd, why: FetchFailure, message: string): void {
    this.#tasks.spawn('end', this.#deps.end(this.transferId, reason));
    this.#fail(why, message);
  }

  #fail(why: FetchFailure, message: string): void {
    if (!this.active) return;
    this.#queued = false;
    this.#cancelTimer();
    this.#set({ kind: 'failed', why, retry: why !== 'tooLarge' });
    this.#result.reject(new AppError(failureCodes[why], message));
    this.events.emit('finished', this.#state);
  }

  /** Frees what has come. */
  #forget(): void {
    this.#lots = [];
    this.#blocks = [];
    this.#block = new Uint8Array(0);
    this.#filled = 0;
    this.#received = 0;
  }

  #set(state: FetchState): void {
    this.#state = state;
    const received = state.kind === 'running' ? state.received : state.kind === 'done' ? this.#deps.offer.size : 0;
    this.events.emit('progressed', { received, size: this.#deps.offer.size });
  }
}

/** Whoever awaits it gets the failure; if nobody does, it is no unhandled rejection. */
function pending(): PromiseWithResolvers<Blob> {
  const result = Promise.withResolvers<Blob>();
  result.promise.catch(() => {});
  return result;
}
