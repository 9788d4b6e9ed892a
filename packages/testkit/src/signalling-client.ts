import { Channel, decodeFrame, framesOf, Link } from '@potluck/kernel';
import type { Answer, Dialect, Method, NoticeData, NoticeName, Sent } from '@potluck/protocol';
import { socketPair, type FakeSocket } from './fake-socket.ts';

type Heard = { readonly name: string; readonly data: unknown };

/** The far end of a session in memory, in either dialect: asks, answers what the server asks, keeps what it hears. */
export class SignallingClient {
  /** Notices and server requests, in the order in which they came. */
  readonly heard: Heard[] = [];
  /** Frames outside the numbered stream (own dialect). */
  readonly hellos: unknown[] = [];
  /** Decides the answer to server requests; agrees by default. */
  answer: (method: string, data: unknown) => Promise<unknown> = async () => ({});
  readonly #link: Link | undefined;
  readonly #channel: Channel;
  #socket: FakeSocket | undefined;

  constructor(dialect: Dialect) {
    this.#link = dialect === 'potluck' ? new Link({ maxFrames: 1000, maxChars: 1_000_000 }) : undefined;
    this.#channel = new Channel({
      send: (frame) => (this.#link ? this.#link.send(frame) : this.#socket?.send(frame)),
      onRequest: (method, data) => {
        this.heard.push({ name: method, data });
        return this.answer(method, data);
      },
      onNotification: (name, data) => this.heard.push({ name, data }),
      timeoutMs: () => 5000,
    });
  }

  /** Frames received, as a returning client tells them. */
  get received(): number {
    return this.#link?.received ?? 0;
  }

  /** The client's end of the present socket. */
  get socket(): FakeSocket {
    if (this.#socket === undefined) throw new Error('not connected');
    return this.#socket;
  }

  /** Puts a new socket under it and returns the server's end. */
  connect(): { socket: FakeSocket; cut: () => void } {
    const { left, right, cut } = socketPair();
    this.#socket = left;
    left.events.on('received', (text) => this.#receive(left, text));
    left.events.on('closed', () => this.#link?.detach());
    return { socket: right, cut };
  }

  async request<M extends Method>(method: M, data: Sent<M>): Promise<Answer<M>> {
    return (await this.#channel.request(method, data)) as Answer<M>;
  }

  /** What was said under this name so far, in order. */
  notices<N extends NoticeName>(name: N): NoticeData<N>[] {
    return this.heard.filter((heard) => heard.name === name).map(({ data }) => data as NoticeData<N>);
  }

  names(): string[] {
    return this.heard.map(({ name }) => name);
  }

  #receive(socket: FakeSocket, text: string): void {
    const message = decodeFrame(text);
    if (this.#link === undefined) return this.#channel.receive(message);
    if (typeof message === 'object' && message !== null && 'link' in message) {
      this.hellos.push(message);
      const acked = 'ack' in message && typeof message.ack === 'number' ? message.ack : 0;
      this.#link.attach((frame) => socket.send(frame), acked);
      return;
    }
    const fresh = this.#link.receive(message);
    if (fresh !== undefined) for (const frame of framesOf(fresh)) this.#channel.receive(frame);
  }
}
