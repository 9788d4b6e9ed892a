import { randomInt } from 'node:crypto';
import type { MediaPath } from '../rtc/path.ts';
import { absSendTime, encodeExtensions, type ExtensionIds } from './extensions.ts';
import { senderReport } from './rtcp.ts';

export type OutgoingOptions = {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly extensions: ExtensionIds;
  readonly mid: string | undefined;
  readonly rid: string | undefined;
};

/** Counts over all streams of a transport. */
export type TransportSequence = { next: number };

/** How many packets are kept to be sent again. */
const kept = 512;

/** One RTP stream that we send: numbers, times, header extensions, reports, retransmissions. */
export class OutgoingStream {
  readonly ssrc: number;
  readonly #path: MediaPath;
  readonly #options: OutgoingOptions;
  readonly #transport: TransportSequence;
  readonly #timestampBase = randomInt(2 ** 31);
  readonly #sent = new Map<number, Buffer>();
  /** Begins in the lower half: then the first rollover cannot be mistaken (RFC 3711 §3.3.1). */
  #sequence = randomInt(2 ** 15);
  packets = 0;
  octets = 0;
  retransmitted = 0;

  constructor(path: MediaPath, transport: TransportSequence, options: OutgoingOptions) {
    this.ssrc = options.ssrc;
    this.#path = path;
    this.#transport = transport;
    this.#options = options;
  }

  /** What is sent before goes nowhere. */
  get ready(): boolean {
    return this.#path.state === 'connected';
  }

  /** `ticks`: of the stream's clock since it began. */
  send(payload: Buffer, at: { ticks: number; marker: boolean; nowMs: number; audioLevel?: number }): void {
    if (!this.ready) return;
    const { payloadType, extensions, mid, rid } = this.#options;
    const transportSequence = Buffer.alloc(2);
    transportSequence.writeUInt16BE(this.#transport.next++ & 0xffff);
    const block = encodeExtensions([
      [extensions.mid, Buffer.from(mid ?? '')],
      [extensions.rid, Buffer.from(rid ?? '')],
      [extensions.absSendTime, absSendTime(at.nowMs)],
      [extensions.transportSequence, transportSequence],
      // RFC 6464: the first bit says that it is voice.
      [extensions.audioLevel, at.audioLevel === undefined ? Buffer.alloc(0) : Buffer.from([0x80 | at.audioLevel])],
    ]);
    const header = Buffer.alloc(12 + block.length);
    header.writeUInt8(block.length > 0 ? 0x90 : 0x80, 0);
    header.writeUInt8((at.marker ? 0x80 : 0) | payloadType, 1);
    header.writeUInt16BE(this.#sequence & 0xffff, 2);
    header.writeUInt32BE(this.#timestamp(at.ticks), 4);
    header.writeUInt32BE(this.ssrc, 8);
    block.copy(header, 12);
    const sealed = this.#path.sendRtp(header, payload, Math.floor(this.#sequence / 0x10000));
    if (sealed === undefined) return;
    this.#keep(sealed);
    this.#sequence += 1;
    this.packets += 1;
    this.octets += payload.length;
  }

  resend(sequences: readonly number[]): void {
    for (const sequence of sequences) {
      const sealed = this.#sent.get(sequence);
      if (sealed === undefined) continue;
      this.#path.sendAgain(sealed);
      this.retransmitted += 1;
    }
  }

  /** Servers need it to line up the layers of one picture. */
  report(ticks: number, wallMs: number): void {
    if (this.packets === 0) return;
    this.#path.sendRtcp(senderReport(this.ssrc, wallMs, this.#timestamp(ticks), this.packets, this.octets));
  }

  #timestamp(ticks: number): number {
    return (this.#timestampBase + ticks) % 2 ** 32;
  }

  #keep(sealed: Buffer): void {
    this.#sent.set(this.#sequence & 0xffff, sealed);
    if (this.#sent.size > kept) this.#sent.delete((this.#sequence - kept) & 0xffff);
  }
}
