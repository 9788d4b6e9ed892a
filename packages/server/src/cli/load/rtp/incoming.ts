import { startsKeyFrame } from '../media/vp8.ts';
import { FrameWatch } from './frames.ts';
import type { ReportBlock } from './rtcp.ts';

export type IncomingCounts = {
  packets: number;
  /** Of RTP with its headers, sealed. */
  octets: number;
  /** Never came, also not when asked for again. */
  lost: number;
  /** Came when asked for again, or late. */
  recovered: number;
  /** Were opened and authentic. */
  opened: number;
  /** Could not be opened: changed on their way, or sealed with another key. */
  forged: number;
};

export type Opener = (packet: Buffer, rollovers: number) => Buffer;
export type IncomingOptions = {
  readonly ssrc: number;
  readonly kind: 'audio' | 'video';
  readonly clockRate: number;
  /** Every so many packets one is decrypted and authenticated; 1: all. */
  readonly openEvery: number;
};

const askAgainMs = 60;
/** What has not come after that is lost: nobody would wait longer for a picture. */
const giveUpMs = 600;
const mostMissing = 1_000;

/** One RTP stream that we receive: loss, jitter (RFC 3550 §6.4.1, A.8), and for video its frames. */
export class IncomingStream {
  readonly ssrc: number;
  readonly kind: 'audio' | 'video';
  readonly counts: IncomingCounts = { packets: 0, octets: 0, lost: 0, recovered: 0, opened: 0, forged: 0 };
  readonly frames: FrameWatch | undefined;
  readonly #options: IncomingOptions;
  readonly #missing = new Map<number, { since: number; askedAt: number }>();
  #first: number | undefined;
  #highest = 0;
  #transit: number | undefined;
  #jitter = 0;
  #sender: { middle: number; at: number } | undefined;
  #before = { expected: 0, received: 0 };
  firstAt: number | undefined;
  lastAt: number | undefined;
  /** Called with the time of each packet of sound, and of each picture that a decoder could show. */
  onPlayable: ((nowMs: number) => void) | undefined;

  constructor(options: IncomingOptions) {
    this.ssrc = options.ssrc;
    this.kind = options.kind;
    this.#options = options;
    this.frames = options.kind === 'video' ? new FrameWatch() : undefined;
  }

  get jitterMs(): number {
    return (this.#jitter / this.#options.clockRate) * 1000;
  }

  take(packet: Buffer, open: Opener, nowMs: number): void {
    const sequence = this.#extend(packet.readUInt16BE(2));
    const { counts } = this;
    counts.packets += 1;
    counts.octets += packet.length;
    this.firstAt ??= nowMs;
    this.lastAt = nowMs;
    const late = sequence < this.#highest;
    if (late && !this.#missing.delete(sequence)) return;
    if (late) counts.recovered += 1;
    else this.#advance(sequence, nowMs);
    const timestamp = packet.readUInt32BE(4);
    if (!late) this.#measure(timestamp, nowMs);
    const wanted = this.frames?.wantsKey === true || counts.packets % this.#options.openEvery === 0;
    const payload = wanted ? this.#open(packet, open, sequence) : undefined;
    if (this.frames === undefined) {
      this.onPlayable?.(nowMs);
      return;
    }
    const marker = (packet.readUInt8(1) & 0x80) !== 0;
    const key = payload !== undefined && startsKeyFrame(payload);
    this.frames.take({ sequence, marker, key });
    this.#settle(nowMs);
  }

  /** The packets to ask for again now; gives up what is too old. */
  overdue(nowMs: number): number[] {
    const wanted: number[] = [];
    for (const [sequence, missing] of this.#missing) {
      if (nowMs - missing.since > giveUpMs) {
        this.#missing.delete(sequence);
        this.counts.lost += 1;
        this.frames?.damage(sequence);
      } else if (nowMs - missing.askedAt >= askAgainMs) {
        missing.askedAt = nowMs;
        wanted.push(sequence & 0xffff);
      }
    }
    this.#settle(nowMs);
    return wanted;
  }

  heardSender(middle: number, nowMs: number): void {
    this.#sender = { middle, at: nowMs };
  }

  /** For the next report; `undefined` before anything came. */
  reportBlock(nowMs: number): ReportBlock | undefined {
    if (this.#first === undefined) return undefined;
    const expected = this.#highest - this.#first + 1;
    const received = this.counts.packets;
    const [expectedSince, receivedSince] = [expected - this.#before.expected, received - this.#before.received];
    this.#before = { expected, received };
    const lostSince = Math.max(0, expectedSince - receivedSince);
    return {
      ssrc: this.ssrc,
      fractionLost: expectedSince <= 0 ? 0 : Math.min(255, Math.floor((lostSince * 256) / expectedSince)),
      totalLost: Math.max(0, expected - received),
      highestSequence: this.#highest,
      jitter: this.#jitter,
      lastReport: this.#sender?.middle ?? 0,
      delay: this.#sender === undefined ? 0 : Math.round(((nowMs - this.#sender.at) / 1000) * 65_536),
    };
  }

  #extend(sequence: number): number {
    if (this.#first === undefined) {
      this.#first = sequence;
      this.#highest = sequence - 1;
      return sequence;
    }
    return this.#highest + ((((sequence - this.#highest) & 0xffff) ^ 0x8000) - 0x8000);
  }

  #advance(sequence: number, nowMs: number): void {
    const gap = sequence - this.#highest - 1;
    if (gap > mostMissing) this.counts.lost += gap;
    else {
      for (let one = this.#highest + 1; one < sequence; one++) {
        this.#missing.set(one, { since: nowMs, askedAt: -Infinity });
      }
    }
    this.#highest = sequence;
  }

  #measure(timestamp: number, nowMs: number): void {
    const transit = (nowMs / 1000) * this.#options.clockRate - timestamp;
    // More than ten seconds at once is a timestamp that wrapped or began anew, not jitter.
    const difference = Math.abs(transit - (this.#transit ?? transit));
    this.#transit = transit;
    if (difference < this.#options.clockRate * 10) this.#jitter += (difference - this.#jitter) / 16;
  }

  #open(packet: Buffer, open: Opener, sequence: number): Buffer | undefined {
    try {
      const payload = open(packet, Math.floor(sequence / 0x10000));
      this.counts.opened += 1;
      return payload;
    } catch {
      this.counts.forged += 1;
      return undefined;
    }
  }

  #settle(nowMs: number): void {
    const shown = this.frames?.frames;
    this.frames?.settle((from, to) => this.#whole(from, to), nowMs);
    if (this.frames?.frames !== shown) this.onPlayable?.(nowMs);
  }

  #whole(from: number, to: number): boolean {
    if (this.#missing.size === 0) return true;
    for (const sequence of this.#missing.keys()) if (sequence >= from && sequence <= to) return false;
    return true;
  }
}
