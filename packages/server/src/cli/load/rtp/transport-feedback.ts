import { header } from './rtcp.ts';

/** Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1): from it a server estimates the path. */

const transportFeedback = 205;
const format = 15;
const deltaMs = 0.25;
const referenceMs = 64;
/** Of packet statuses in one chunk of two-bit symbols. */
const perChunk = 7;
const symbol = { lost: 0, small: 1, large: 2 } as const;
/** One feedback speaks of at most so many packets; more are left to the next. */
const mostPackets = 700;

/** Notes when packets came and says it from time to time. */
export class FeedbackWriter {
  readonly #arrivals = new Map<number, number>();
  #highest: number | undefined;
  #next: number | undefined;
  #count = 0;

  /** `sequence`: 16 bits, as in the packet. */
  note(sequence: number, nowMs: number): void {
    const extended = this.#extend(sequence);
    if (this.#next !== undefined && extended < this.#next) return;
    this.#arrivals.set(extended, nowMs);
  }

  /** What came since the last time; `undefined` when nothing did. */
  write(ssrc: number, mediaSsrc: number): Buffer | undefined {
    const first = this.#arrivals.size === 0 ? undefined : Math.min(...this.#arrivals.keys());
    if (first === undefined || this.#highest === undefined) return undefined;
    // Speaks on from where it ended: what is missing in between was lost.
    const base = this.#next !== undefined && first - this.#next < mostPackets ? this.#next : first;
    const count = Math.min(this.#highest - base + 1, mostPackets);
    const reference = Math.floor((this.#arrivals.get(first) ?? 0) / referenceMs);
    let clock = reference * referenceMs;
    const symbols: number[] = [];
    const deltas: Buffer[] = [];
    for (let sequence = base; sequence < base + count; sequence++) {
      const at = this.#arrivals.get(sequence);
      this.#arrivals.delete(sequence);
      if (at === undefined) {
        symbols.push(symbol.lost);
        continue;
      }
      const delta = Math.max(-32_768, Math.min(32_767, Math.round((at - clock) / deltaMs)));
      clock += delta * deltaMs;
      const small = delta >= 0 && delta <= 255;
      symbols.push(small ? symbol.small : symbol.large);
      deltas.push(small ? Buffer.from([delta]) : signed(delta));
    }
    this.#next = base + count;
    return this.#encode({ ssrc, mediaSsrc, base, count, reference, symbols, deltas });
  }

  #encode(of: {
    ssrc: number;
    mediaSsrc: number;
    base: number;
    count: number;
    reference: number;
    symbols: number[];
    deltas: Buffer[];
  }): Buffer {
    const chunks = Buffer.alloc(Math.ceil(of.symbols.length / perChunk) * 2);
    of.symbols.forEach((one, index) => {
      const at = Math.floor(index / perChunk) * 2;
      chunks.writeUInt16BE(chunks.readUInt16BE(at) | 0xc000 | (one << (12 - (index % perChunk) * 2)), at);
    });
    const body = Buffer.concat([chunks, ...of.deltas]);
    const packet = header(format, transportFeedback, 20 + Math.ceil(body.length / 4) * 4, of.ssrc);
    packet.writeUInt32BE(of.mediaSsrc, 8);
    packet.writeUInt16BE(of.base & 0xffff, 12);
    packet.writeUInt16BE(of.count, 14);
    packet.writeUIntBE(of.reference & 0xff_ffff, 16, 3);
    packet.writeUInt8(this.#count++ & 0xff, 19);
    body.copy(packet, 20);
    return packet;
  }

  #extend(sequence: number): number {
    const highest = this.#highest ?? sequence + 0x10000;
    const extended = highest + ((((sequence - highest) & 0xffff) ^ 0x8000) - 0x8000);
    this.#highest = Math.max(highest, extended);
    return extended;
  }
}

function signed(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
