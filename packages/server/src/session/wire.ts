import { decodeFrame, Emitter, Link, systemClock, type Clock } from '@potluck/kernel';
import type { LinkHello } from '@potluck/protocol';
import type { FrameSocket } from './socket.ts';

/** What a session talks through: frames that arrive once and in order, whatever happens to sockets. */
export type Wire = {
  readonly events: Emitter<WireEvents>;
  send(frame: string): void;
  /** Sends it together with what else is sent in this turn of the event loop, in order. */
  sendSoon(frame: string): void;
  /** Ends it for good; no event follows. */
  close(code: number, reason: string): void;
};

export type WireEvents = {
  received: [message: unknown];
  /** The socket is gone; it may be replaced (linked wires only). */
  lost: [reason: string];
  /** A new socket took over. */
  resumed: [];
  /** The other side left, or cannot come back. */
  closed: [reason: string];
};

/** v3 dialect: the socket is the connection. */
export class PlainWire implements Wire {
  readonly events = new Emitter<WireEvents>();
  readonly #socket: FrameSocket;
  readonly #forget: (() => void)[];

  constructor(socket: FrameSocket) {
    this.#socket = socket;
    this.#forget = [
      socket.events.on('received', (text) => this.events.emit('received', decodeFrame(text))),
      socket.events.on('closed', (code, reason) => this.events.emit('closed', describe(code, reason))),
    ];
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  sendSoon(frame: string): void {
    this.send(frame);
  }

  close(code: number, reason: string): void {
    this.#forget.forEach((off) => off());
    this.#socket.close(code, reason);
  }
}

/** How much may wait for a client that is away; more and it must start anew. */
const linkLimits = { maxFrames: 5000, maxChars: 8_000_000 };
/** An acknowledgement goes out at the latest this long after a frame came in. */
const ackWithinMs = 500;
/** Browsers close with these when a page is left (RFC 6455 §7.4.1): nobody is coming back. */
const leavingCodes = new Set([1000, 1001]);

/** Our own dialect: a link over one socket after another. */
export class LinkedWire implements Wire {
  readonly events = new Emitter<WireEvents>();
  readonly #link = new Link(linkLimits);
  readonly #clock: Clock;
  #socket: FrameSocket | undefined;
  #forget: (() => void)[] = [];
  #soon: string[] = [];
  #cancelAck: (() => void) | undefined;

  constructor(socket: FrameSocket, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#attach(socket, 'opened', 0);
  }

  get attached(): boolean {
    return this.#socket !== undefined;
  }

  /** What waits goes out with it. */
  send(frame: string): void {
    this.#soon.push(frame);
    this.#flush();
  }

  /**
   * When a hundred people join, each hears of two hundred tracks, several in each turn: a frame for each costs more than all
   * the rest.
   */
  sendSoon(frame: string): void {
    this.#soon.push(frame);
    if (this.#soon.length === 1) setImmediate(() => this.#flush());
  }

  /** A new socket takes over; whatever the old one did not deliver goes out on it. */
  resume(socket: FrameSocket, acked: number): void {
    this.#flush();
    this.#detach()?.close(1000, 'another socket took over');
    this.#attach(socket, 'resumed', acked);
    this.events.emit('resumed');
  }

  close(code: number, reason: string): void {
    this.#flush();
    this.#detach()?.close(code, reason);
  }

  #flush(): void {
    const [first, ...rest] = this.#soon;
    if (first === undefined) return;
    this.#soon = [];
    this.#link.send(first, ...rest);
    if (this.#link.broken) {
      this.close(1008, 'too much is waiting');
      this.events.emit('closed', 'too much was waiting for a client that does not take it');
    }
  }

  #attach(socket: FrameSocket, link: LinkHello['link'], acked: number): void {
    this.#socket = socket;
    this.#forget = [
      socket.events.on('received', (text) => this.#receive(decodeFrame(text))),
      socket.events.on('closed', (code, reason) => this.#lose(code, reason)),
    ];
    socket.send(JSON.stringify({ link, ack: this.#link.received } satisfies LinkHello));
    this.#link.attach((text) => socket.send(text), acked);
  }

  #detach(): FrameSocket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#link.detach();
    this.#cancelAck?.();
    this.#cancelAck = undefined;
    this.#forget.forEach((off) => off());
    return socket;
  }

  #receive(parsed: unknown): void {
    const message = this.#link.receive(parsed);
    if (message === undefined && parsed !== undefined) return;
    this.#cancelAck ??= this.#clock.after(ackWithinMs, () => {
      this.#cancelAck = undefined;
      this.#link.acknowledge();
    });
    this.events.emit('received', message);
  }

  #lose(code: number, reason: string): void {
    this.#detach();
    this.events.emit(leavingCodes.has(code) ? 'closed' : 'lost', describe(code, reason));
  }
}

const describe = (code: number, reason: string): string =>
  reason === '' ? `socket closed (${code})` : `${reason} (${code})`;
