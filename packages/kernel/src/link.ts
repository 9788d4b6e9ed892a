import { z } from 'zod';
import { safeParse } from './safe-parse.ts';

const LinkMembers = z.object({ seq: z.int().positive().optional(), ack: z.int().nonnegative().optional() });

export type LinkOptions = {
  /** Frames that may wait for acknowledgement. Beyond it the link is broken: the other side must start anew. */
  maxFrames: number;
  /** Characters that may wait for acknowledgement. */
  maxChars: number;
};

/** Messages that went out under one number. They are kept apart: many links keep the same strings. */
type Sent = { readonly seq: number; readonly frames: readonly string[]; readonly chars: number };

/** An acknowledgement of its own is sent after this many frames without outgoing traffic. */
const ackEvery = 16;

/**
 * Makes a stream of frames survive the loss of the socket under it. Each frame carries a sequence number and the
 * number of the last frame received (`seq`, `ack`); what the other side has not acknowledged is kept and sent again on
 * the next socket, and what arrives twice is dropped. So a request in flight is neither lost nor done twice, and
 * notices arrive once and in order. Used between our own client and server only; v3 clients never see these members.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #unacked: Sent[] = [];
  #chars = 0;
  #sent = 0;
  #received = 0;
  #lastAckSent = 0;
  #transmit: ((text: string) => void) | undefined;
  #broken = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Number of the last frame received in order: what a reconnecting side tells the other. */
  get received(): number {
    return this.#received;
  }

  /** More was queued than may wait; the two sides can no longer agree. */
  get broken(): boolean {
    return this.#broken;
  }

  get attached(): boolean {
    return this.#transmit !== undefined;
  }

  /** Frames that wait for acknowledgement. */
  get waiting(): number {
    return this.#unacked.length;
  }

  /** Queues messages (JSON objects as text) as one frame and sends it if a socket is there. `framesOf` takes several apart. */
  send(...frames: [string, ...string[]]): void {
    const sent = { seq: ++this.#sent, frames, chars: frames.reduce((sum, { length }) => sum + length, 0) };
    if (!this.#broken) this.#keep(sent);
    this.#write(sent);
  }

  /** Puts a new socket under the link: drops what `acked` confirms and sends the rest again. */
  attach(transmit: (text: string) => void, acked: number): void {
    this.#transmit = transmit;
    this.#confirm(acked);
    for (const sent of this.#unacked) this.#write(sent);
  }

  detach(): void {
    this.#transmit = undefined;
  }

  /** Takes a parsed message. Returns it if it is new and must be handled, `undefined` if it was only link business. */
  receive(message: unknown): unknown {
    const members = safeParse(LinkMembers, message);
    if (!members.success) return message;
    const { seq, ack } = members.data;
    if (ack !== undefined) this.#confirm(ack);
    if (seq === undefined) return ack === undefined ? message : undefined;
    if (seq !== this.#received + 1) return undefined;
    this.#received = seq;
    if (this.#received - this.#lastAckSent >= ackEvery) this.acknowledge();
    return message;
  }

  /** Tells the other side what has arrived, if it does not know yet. Call it now and then, and before going idle. */
  acknowledge(): void {
    if (this.#transmit === undefined || this.#lastAckSent === this.#received) return;
    this.#lastAckSent = this.#received;
    this.#transmit(`{"ack":${this.#received}}`);
  }

  #keep(sent: Sent): void {
    this.#unacked.push(sent);
    this.#chars += sent.chars;
    if (this.#unacked.length <= this.#options.maxFrames && this.#chars <= this.#options.maxChars) return;
    // The socket that is there may go on; there is nothing left to send again on another one.
    this.#broken = true;
    this.#unacked.length = 0;
    this.#chars = 0;
  }

  #write({ seq, frames }: Sent): void {
    if (this.#transmit === undefined) return;
    this.#lastAckSent = this.#received;
    // What was encoded once, perhaps for many receivers, is not encoded again: the members are put in front.
    const content = frames.length === 1 ? frames[0]!.slice(1) : `"frames":[${frames.join(',')}]}`;
    this.#transmit(`{"seq":${seq},"ack":${this.#received},${content}`);
  }

  #confirm(acked: number): void {
    while (this.#unacked.length > 0 && this.#unacked[0]!.seq <= acked) {
      this.#chars -= this.#unacked.shift()!.chars;
    }
  }
}

/** The messages that a parsed frame holds: most hold one. */
export const framesOf = (message: unknown): readonly unknown[] =>
  typeof message === 'object' && message !== null && 'frames' in message && Array.isArray(message.frames)
    ? message.frames
    : [message];
