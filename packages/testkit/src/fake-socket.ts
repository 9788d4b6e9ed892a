import { Emitter } from '@potluck/kernel';
import type { FrameSocket } from '../../server/src/session/socket.ts';

/** Tests decide when a frame arrives, and whether. */
export type SocketPair = {
  readonly left: FakeSocket;
  readonly right: FakeSocket;
  /** Cuts the wire without a handshake: what is under way is lost, both sides see 1006. */
  cut(): void;
};

/** One end of a wire in memory. Frames arrive on a microtask, in order, as over a network: never inside `send`. */
export class FakeSocket implements FrameSocket {
  readonly remoteAddress: string;
  readonly events = new Emitter<{ received: [text: string]; closed: [code: number, reason: string] }>();
  /** Every frame that was sent from here, parsed. */
  readonly sent: unknown[] = [];
  #peer: FakeSocket | undefined;
  #closed: { code: number; reason: string } | undefined;

  constructor(remoteAddress = '127.0.0.1') {
    this.remoteAddress = remoteAddress;
  }

  get open(): boolean {
    return this.#closed === undefined;
  }

  /** How it ended; `undefined` while open. */
  get ended(): { code: number; reason: string } | undefined {
    return this.#closed;
  }

  connect(peer: FakeSocket): void {
    this.#peer = peer;
  }

  send(text: string): void {
    if (!this.open) return;
    this.sent.push(JSON.parse(text));
    const peer = this.#peer;
    queueMicrotask(() => peer?.deliver(text));
  }

  /** As if the far end had sent it. */
  deliver(text: string): void {
    if (this.open) this.events.emit('received', text);
  }

  close(code: number, reason: string): void {
    if (!this.open) return;
    this.#end(code, reason);
    const peer = this.#peer;
    queueMicrotask(() => peer?.drop(code, reason));
  }

  /** As if the far end, or the network, had ended it. */
  drop(code = 1006, reason = ''): void {
    if (this.open) this.#end(code, reason);
  }

  #end(code: number, reason: string): void {
    this.#closed = { code, reason };
    this.events.emit('closed', code, reason);
  }
}

export function socketPair(): SocketPair {
  const left = new FakeSocket();
  const right = new FakeSocket();
  left.connect(right);
  right.connect(left);
  return {
    left,
    right,
    cut() {
      left.drop();
      right.drop();
    },
  };
}
