import type { OutgoingStream } from '../rtp/outgoing.ts';
import type { Heard } from '../rtp/rtcp.ts';
import { silence, tone, type Picture } from './recorded.ts';
import { FrameCounter, packetize } from './vp8.ts';

/** What a sender needs of a stream. */
export type Outlet = Pick<
  OutgoingStream,
  'ssrc' | 'ready' | 'packets' | 'octets' | 'retransmitted' | 'send' | 'resend' | 'report'
>;

/** What sends one track. Times are of one steady clock in milliseconds, but for reports, which want the wall's. */
export type TrackSender = {
  readonly kind: 'audio' | 'video';
  readonly streams: readonly Outlet[];
  paused: boolean;
  /** Sends what is due. Call it often. */
  tick(nowMs: number): void;
  report(nowMs: number, wallMs: number): void;
  heard(message: Heard): void;
};

const reportEveryMs = 1_000;
/** After a pause of the whole process nothing is made up for: it would be a burst that no device sends. */
const mostBehindMs = 250;
const keyFrameFactor = 4;

/** Numbers in 0…1 that look random and are the same every time: frames of a video are not equally long. */
const unevenness = (index: number): number => ((index * 2_654_435_761) >>> 0) / 2 ** 32;

abstract class Pacer {
  readonly streams: readonly Outlet[];
  readonly #clockRate: number;
  readonly #everyMs: number;
  #begin: number | undefined;
  #count = 0;
  #reportedAt = -Infinity;
  paused = false;

  constructor(streams: readonly Outlet[], clockRate: number, everyMs: number) {
    this.streams = streams;
    this.#clockRate = clockRate;
    this.#everyMs = everyMs;
  }

  protected abstract send(index: number, ticks: number, nowMs: number): void;

  tick(nowMs: number): void {
    this.#begin ??= nowMs;
    const due = Math.floor((nowMs - this.#begin) / this.#everyMs);
    if ((due - this.#count) * this.#everyMs > mostBehindMs) this.#count = due - 1;
    while (this.#count < due) {
      const index = this.#count++;
      if (!this.paused) this.send(index, this.#ticks(index * this.#everyMs), nowMs);
    }
  }

  report(nowMs: number, wallMs: number): void {
    if (this.#begin === undefined || nowMs - this.#reportedAt < reportEveryMs) return;
    if (this.streams.every(({ packets }) => packets === 0)) return;
    this.#reportedAt = nowMs;
    const ticks = this.#ticks(nowMs - this.#begin);
    this.streams.forEach((stream, index) => this.sends(index) && stream.report(ticks, wallMs));
  }

  /** Whether this stream sends now. As browsers do it, no report is made of what is switched off. */
  protected sends(_index: number): boolean {
    return !this.paused;
  }

  #ticks(ms: number): number {
    return Math.round((ms * this.#clockRate) / 1000);
  }

  heard(message: Heard): void {
    if (message.kind === 'nack') this.streams.find(({ ssrc }) => ssrc === message.ssrc)?.resend(message.sequences);
  }
}

export type Layer = { readonly stream: Outlet; readonly picture: Picture; readonly bitrate: number };

/** A camera: the same picture in several sizes, each with the bit rate that it was given. */
export class VideoSender extends Pacer implements TrackSender {
  readonly kind = 'video';
  readonly #layers: (Layer & { active: boolean; wantsKey: boolean; readonly frames: FrameCounter })[];
  readonly #fps: number;

  constructor(layers: readonly Layer[], fps: number) {
    super(
      layers.map(({ stream }) => stream),
      90_000,
      1000 / fps,
    );
    this.#fps = fps;
    this.#layers = layers.map((layer) => ({ ...layer, active: true, wantsKey: true, frames: new FrameCounter() }));
  }

  /** A layer that is switched on begins with a key frame. */
  setActive(index: number, active: boolean): void {
    const layer = this.#layers[index];
    if (layer === undefined || layer.active === active) return;
    layer.active = active;
    layer.wantsKey = active;
  }

  protected override sends(index: number): boolean {
    return super.sends(index) && this.#layers[index]?.active === true;
  }

  get activeLayers(): readonly boolean[] {
    return this.#layers.map(({ active }) => active);
  }

  override heard(message: Heard): void {
    super.heard(message);
    if (message.kind !== 'keyFrameWanted') return;
    for (const layer of this.#layers) if (layer.stream.ssrc === message.ssrc) layer.wantsKey = true;
  }

  protected override send(index: number, ticks: number, nowMs: number): void {
    for (const layer of this.#layers) {
      if (!layer.active || !layer.stream.ready) continue;
      const key = layer.wantsKey;
      layer.wantsKey = false;
      const payloads = packetize(this.#frame(layer, index, key), layer.frames.next(key));
      payloads.forEach((payload, at) =>
        layer.stream.send(payload, { ticks, nowMs, marker: at === payloads.length - 1 }),
      );
    }
  }

  #frame({ picture, bitrate }: Layer, index: number, key: boolean): Buffer {
    const average = bitrate / 8 / this.#fps;
    const size = Math.round(average * (key ? keyFrameFactor : 0.75 + unevenness(index) / 2));
    const core = key ? picture.key : picture.inter;
    return size <= core.length ? core : Buffer.concat([core, Buffer.alloc(size - core.length)]);
  }
}

export type Talk = (nowMs: number) => boolean;

/** Of what was recorded. */
export const packetMs = 20;
/** -20 dBov for a voice, and the least for silence. */
const level = { voice: 20, silence: 127 };
const silenceEvery = 400 / packetMs;

/** A microphone: a tone while its owner talks, and next to nothing in between, as Opus does with DTX. */
export class AudioSender extends Pacer implements TrackSender {
  readonly kind = 'audio';
  readonly #talks: Talk;
  readonly #stream: Outlet;
  #talking = false;

  constructor(stream: Outlet, talks: Talk, everyMs: number) {
    super([stream], 48_000, everyMs);
    this.#stream = stream;
    this.#talks = talks;
  }

  protected override send(index: number, ticks: number, nowMs: number): void {
    const talking = this.#talks(nowMs);
    const marker = talking && !this.#talking;
    this.#talking = talking;
    if (!talking && index % silenceEvery !== 0) return;
    const payload = talking ? tone[index % tone.length]! : silence;
    this.#stream.send(payload, { ticks, nowMs, marker, audioLevel: talking ? level.voice : level.silence });
  }
}
