import { AppError, Tasks } from '@potluck/kernel';
import type { FileReport } from './api.ts';
import type { FileDigest } from './digest.ts';
import { blockBytes, encodeLastWord, encodePiece, pieceBytes, windowBytes } from './frames.ts';
import type { PublishedData } from '../verbs.ts';

/** A file, or what can be read like one. */
export type FileSource = Pick<Blob, 'size' | 'type' | 'slice'>;

export type OutgoingDeps = {
  readonly source: FileSource;
  /** Shared by all transfers of the file. */
  readonly digest: FileDigest;
  /** Opens the channel to the receiver. */
  readonly open: () => PublishedData & { readonly maxMessageBytes: number | undefined };
  readonly onProgress: (received: number) => void;
  /** It cannot be sent: the file changed or vanished, or the server refuses the channel. */
  readonly onFailed: (error: AppError) => void;
};

/** Bytes that may wait in the channel itself. */
const highWaterBytes = 2 * blockBytes;

/**
 * Sends one file to one receiver, who leads: each new epoch that it reports begins where it says, on whatever channel
 * there is then.
 */
export class Outgoing {
  readonly #deps: OutgoingDeps;
  readonly #channel: ReturnType<OutgoingDeps['open']>;
  readonly #tasks: Tasks;
  #epoch = 0;
  #received = 0;
  #next = 0;
  #saidAll = false;
  #pumping = false;
  #closed = false;

  constructor(deps: OutgoingDeps) {
    this.#deps = deps;
    this.#tasks = new Tasks((_, error) => {
      if (!this.#closed) deps.onFailed(AppError.from(error));
    });
    this.#channel = deps.open();
    this.#channel.events.on('bufferedAmountLow', () => this.#pump());
    this.#channel.events.on('opened', () => this.#pump());
    this.#channel.events.on('failed', (error) => deps.onFailed(error));
  }

  /** The receiver says how far it is. */
  reported({ epoch, received }: FileReport): void {
    if (this.#closed || epoch < this.#epoch || received > this.#deps.source.size) return;
    if (epoch > this.#epoch) {
      this.#epoch = epoch;
      this.#next = received;
      this.#saidAll = false;
    } else if (received > this.#next) return;
    this.#received = received;
    this.#deps.onProgress(received);
    this.#pump();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#channel.close();
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#tasks.spawn(
      'send file',
      this.#send().finally(() => {
        this.#pumping = false;
      }),
    );
  }

  /** Until the window or the channel is full. Whatever makes room calls `#pump` again. */
  async #send(): Promise<void> {
    while (this.#mayGoOn()) {
      const epoch = this.#epoch;
      if (this.#next >= this.#deps.source.size) {
        const digest = await this.#digestOfAll();
        if (epoch !== this.#epoch || !this.#open) continue;
        this.#saidAll = true;
        this.#channel.send(encodeLastWord({ epoch, digest }));
        return;
      }
      const start = this.#next;
      const block = await this.#read(Math.floor(start / blockBytes));
      // A new epoch may have begun meanwhile, or the channel may have gone.
      if (epoch !== this.#epoch || !this.#open) continue;
      this.#sendPieces(epoch, start, block);
      this.#next = start + block.length;
    }
  }

  #mayGoOn(): boolean {
    if (this.#closed || !this.#open || this.#epoch === 0 || this.#saidAll) return false;
    if (this.#next >= this.#deps.source.size) return true;
    const blockEnd = Math.min(this.#next + blockBytes, this.#deps.source.size);
    return blockEnd - this.#received <= windowBytes && this.#channel.bufferedAmount < highWaterBytes;
  }

  get #open(): boolean {
    return !this.#closed && this.#channel.state === 'open';
  }

  #sendPieces(epoch: number, start: number, block: Uint8Array<ArrayBuffer>): void {
    const length = pieceBytes(this.#channel.maxMessageBytes);
    for (let at = 0; at < block.length; at += length) {
      this.#channel.send(encodePiece({ epoch, offset: start + at, bytes: block.subarray(at, at + length) }));
    }
  }

  async #read(index: number): Promise<Uint8Array<ArrayBuffer>> {
    const { source, digest } = this.#deps;
    const start = index * blockBytes;
    const expected = Math.min(blockBytes, source.size - start);
    const block = new Uint8Array(await source.slice(start, start + expected).arrayBuffer());
    if (block.length !== expected) throw new AppError('unavailable', 'the file changed while it was sent');
    digest.add(index, block);
    return block;
  }

  /** Also where a receiver began in the middle, with blocks of an earlier attempt. */
  async #digestOfAll(): Promise<string | undefined> {
    const { source, digest } = this.#deps;
    const count = Math.ceil(source.size / blockBytes);
    for (let index = 0; index < count; index++) if (!digest.has(index)) await this.#read(index);
    return digest.of(count);
  }
}
