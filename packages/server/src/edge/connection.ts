import type { Duplex } from 'node:stream';
import { Bucket, closeCodes, Emitter, systemClock, systemCodeOf, type Clock, type Logger } from '@potluck/kernel';
import type { WebSocket } from 'ws';
import type { FrameSocket } from '../session/socket.ts';

export type ConnectionLimits = {
  /** Bytes that may wait to be sent. */
  maxQueuedBytes: number;
  messageBurst: number;
  messagesPerSecond: number;
  pingAfterMs: number;
  pongWithinMs: number;
};

export type ConnectionDeps = {
  socket: WebSocket;
  /** The TCP or TLS stream under it. */
  stream: Duplex & { readonly bytesRead?: number };
  remoteAddress: string;
  log: Logger;
  /** It was closed for sending too much. */
  onFlood?: () => void;
  clock?: Clock;
};

/** The other side may take this long to answer a close frame (docs/protocol.md). */
const closeWithinMs = 5_000;
/** RFC 6455 §5.5: 125 bytes of a control frame, two of them for the code. */
const maxReasonBytes = 123;

/** One WebSocket as a FrameSocket: within limits, kept alive, always ended. */
export function connect(deps: ConnectionDeps, limits: ConnectionLimits): FrameSocket {
  return new Connection(deps, limits);
}

class Connection implements FrameSocket {
  readonly remoteAddress: string;
  readonly events: FrameSocket['events'];
  readonly #socket: WebSocket;
  readonly #stream: ConnectionDeps['stream'];
  readonly #log: Logger;
  readonly #onFlood: (() => void) | undefined;
  readonly #clock: Clock;
  readonly #limits: ConnectionLimits;
  readonly #bucket: Bucket;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #reason = '';
  #gathering = false;
  #lastInbound: number;
  #cancelTimer: () => void;

  constructor(
    { socket, stream, remoteAddress, log, onFlood, clock = systemClock }: ConnectionDeps,
    limits: ConnectionLimits,
  ) {
    this.remoteAddress = remoteAddress;
    this.#socket = socket;
    this.#stream = stream;
    this.#log = log;
    this.#clock = clock;
    this.#onFlood = onFlood;
    this.#limits = limits;
    this.events = new Emitter((error) => log.error('a listener of a socket failed', { error }));
    this.#lastInbound = clock.now();
    this.#bucket = new Bucket({ burst: limits.messageBurst, perSecond: limits.messagesPerSecond }, this.#lastInbound);
    this.#cancelTimer = clock.after(limits.pingAfterMs, () => this.#checkSilence());

    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('ping', () => this.#heard());
    socket.on('pong', () => this.#heard());
    socket.on('error', (error) => this.#log.info('socket failed', { error: error.message, code: systemCodeOf(error) }));
    socket.on('close', (code, reason) => this.#ended(code, reason.toString()));
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  send(text: string): void {
    if (this.#state !== 'open') return;
    const queued = this.#socket.bufferedAmount;
    if (queued > this.#limits.maxQueuedBytes) {
      this.#log.warn('client receives too slowly', { queuedBytes: queued, allowedBytes: this.#limits.maxQueuedBytes });
      this.close(closeCodes.policy, 'receiving too slowly');
      return;
    }
    this.#gather();
    this.#socket.send(text, ignoreWriteError);
  }

  close(code: number, reason: string): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#reason = reason;
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(closeWithinMs, () => this.#socket.terminate());
    this.#socket.close(code, cutToBytes(reason, maxReasonBytes));
  }

  /**
   * What is sent in one turn of the event loop goes to the kernel in one write: a client that joins gets hundreds of
   * frames, and each write is a system call.
   */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.#stream.cork();
    setImmediate(() => {
      this.#gathering = false;
      this.#stream.uncork();
    });
  }

  #receive(data: WebSocket.RawData, isBinary: boolean): void {
    this.#heard();
    if (this.#state !== 'open') return;
    if (!this.#bucket.take(this.#lastInbound)) {
      const { messagesPerSecond, messageBurst } = this.#limits;
      this.#log.warn('client sends too many messages', { messagesPerSecond, messageBurst });
      this.close(closeCodes.policy, 'too many messages');
      this.#onFlood?.();
      return;
    }
    const bytes = bytesOf(data);
    if (isBinary) this.#log.warn('binary message ignored', { bytes: bytes.byteLength });
    else this.events.emit('received', bytes.toString());
  }

  #heard(): void {
    this.#lastInbound = this.#clock.now();
  }

  #checkSilence(): void {
    const wait = this.#lastInbound + this.#limits.pingAfterMs - this.#clock.now();
    if (wait > 0) {
      this.#cancelTimer = this.#clock.after(wait, () => this.#checkSilence());
      return;
    }
    // Bytes, not messages: a large message on a slow line is a sign of life long before it is complete.
    const bytesRead = this.#stream.bytesRead;
    const asked = this.#clock.now();
    this.#socket.ping(undefined, undefined, ignoreWriteError);
    this.#cancelTimer = this.#clock.after(this.#limits.pongWithinMs, () => {
      const alive = this.#lastInbound > asked || (bytesRead !== undefined && this.#stream.bytesRead !== bytesRead);
      if (!alive) {
        this.#log.info('client is silent', { answeredNoPingForMs: this.#limits.pongWithinMs });
        this.#reason ||= 'no answer to a ping';
        this.#socket.terminate();
        return;
      }
      this.#lastInbound = Math.max(this.#lastInbound, asked);
      this.#checkSilence();
    });
  }

  #ended(code: number, reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#cancelTimer();
    this.events.emit('closed', code, reason || this.#reason);
  }
}

/** A write that fails is followed by `close`, which is where it is handled. */
const ignoreWriteError = (): void => {};

/** ws hands over one buffer; its types allow for settings that we do not use. */
function bytesOf(data: WebSocket.RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** The longest beginning that fits into so many bytes of UTF-8, without half a character. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    cut += character;
  }
  return cut;
}
