import type { Room } from '@potluck/client';
import { now } from './now.ts';
import type { loadRtc } from './rtc.ts';

type Stop = { readonly track: MediaStreamTrack; stop(): void };
/** Mean level of a sample above which it is sound: the tone has some 5000. */
const audible = 100;

/** When something was heard or seen of each other participant, in the time of `now.ts`. Keys: `anna microphone`. */
export class MediaWatch {
  readonly times = new Map<string, number[]>();
  /** Tiles that lost their track though their owner is there. */
  blanks = 0;
  readonly #rtc: ReturnType<typeof loadRtc>;
  readonly #sinks = new Map<string, Stop>();
  readonly #stop: () => void;

  constructor(room: Room, rtc: ReturnType<typeof loadRtc>) {
    this.#rtc = rtc;
    const look = () => this.#look(room);
    const off = room.subscribe(look);
    look();
    this.#stop = off;
  }

  of(key: string): number[] {
    return this.times.get(key) ?? [];
  }

  /** Forgets what is too old to matter. */
  trim(before: number): void {
    for (const [key, times] of this.times)
      this.times.set(
        key,
        times.filter((time) => time >= before),
      );
  }

  close(): void {
    this.#stop();
    for (const sink of this.#sinks.values()) sink.stop();
    this.#sinks.clear();
  }

  #look(room: Room): void {
    const there = new Map(
      room.state.participants.flatMap(({ id, tracks }) => tracks.map((track) => [`${id} ${track.source}`, track])),
    );
    for (const [key, sink] of this.#sinks) {
      const track = there.get(key)?.track;
      if (track === sink.track) continue;
      if (there.has(key) && track === undefined) this.blanks += 1;
      sink.stop();
      this.#sinks.delete(key);
    }
    for (const [key, { kind, track }] of there) {
      if (track === undefined || this.#sinks.has(key)) continue;
      const times = this.times.get(key) ?? [];
      this.times.set(key, times);
      const note = () => this.times.get(key)?.push(now());
      this.#sinks.set(key, { track, stop: kind === 'video' ? this.#see(track, note) : this.#hear(track, note) });
    }
  }

  #see(track: MediaStreamTrack, note: () => void): () => void {
    const sink = new this.#rtc.nonstandard.RTCVideoSink(track);
    sink.onframe = note;
    return () => sink.stop();
  }

  #hear(track: MediaStreamTrack, note: () => void): () => void {
    const sink = new this.#rtc.nonstandard.RTCAudioSink(track);
    sink.ondata = ({ samples }: { samples: Int16Array }) => {
      let sum = 0;
      for (let index = 0; index < samples.length; index += 8) sum += Math.abs(samples[index] ?? 0);
      if (sum > (samples.length / 8) * audible) note();
    };
    return () => sink.stop();
  }
}
