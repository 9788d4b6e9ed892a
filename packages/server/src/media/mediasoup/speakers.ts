import type { types } from 'mediasoup';
import { systemClock, type Clock, type Emitter } from '@potluck/kernel';
import { ProducerId } from '@potluck/protocol';
import type { AudioLevel, RoomMediaEvents } from '../fabric.ts';
import type { RouterNode } from './router-node.ts';

const levelOptions = { maxEntries: 64, threshold: -80, interval: 800 };
const speakerOptions = { interval: 300 };
/** Merged levels are told at most this often; silence and a first voice at once. */
const tellEveryMs = 800;
/** How much louder, in dB, somebody on another router must be to take over. */
const takeOverBy = 6;

/** What one router says about those whose microphones are on it. */
export type Voices = { levels: readonly AudioLevel[]; dominant: ProducerId | undefined };

/** Loudest first. */
export const mergeLevels = (voices: Iterable<Voices>): AudioLevel[] =>
  [...voices].flatMap(({ levels }) => levels).toSorted((a, b) => b.volume - a.volume);

/**
 * Who dominates the room: each router knows its own, the loudest of them wins. The present one keeps the floor until
 * somebody else is clearly louder, so that two routers do not make it flicker.
 */
export function pickDominant(voices: Iterable<Voices>, present: ProducerId | undefined): ProducerId | undefined {
  const all = [...voices];
  const volumes = new Map(all.flatMap(({ levels }) => levels.map(({ producerId, volume }) => [producerId, volume])));
  const volumeOf = (id: ProducerId) => volumes.get(id) ?? -127;
  const candidates = all.flatMap(({ dominant }) => (dominant === undefined ? [] : [dominant]));
  const [only] = candidates;
  if (candidates.length <= 1) return only;
  const loudest = candidates.toSorted((a, b) => volumeOf(b) - volumeOf(a))[0];
  if (loudest === undefined || present === undefined || !candidates.includes(present)) return loudest;
  return volumeOf(loudest) - volumeOf(present) >= takeOverBy ? loudest : present;
}

type Observers = { levels: types.AudioLevelObserver; speaker: types.ActiveSpeakerObserver };

/** Levels and dominant speaker of a whole room, wherever its microphones are: each is observed on its own router. */
export class Speakers {
  readonly #events: Emitter<RoomMediaEvents>;
  readonly #clock: Clock;
  readonly #observers = new Map<RouterNode, Promise<Observers>>();
  readonly #voices = new Map<RouterNode, Voices>();
  #dominant: ProducerId | undefined;
  #told: { at: number; empty: boolean } = { at: 0, empty: true };
  #cancelTell: (() => void) | undefined;

  constructor(events: Emitter<RoomMediaEvents>, clock: Clock = systemClock) {
    this.#events = events;
    this.#clock = clock;
  }

  /** From now on this audio producer counts. It is forgotten by itself when it closes. */
  async observe(node: RouterNode, producer: types.Producer): Promise<void> {
    const { levels, speaker } = await (this.#observers.get(node) ?? this.#begin(node));
    if (producer.closed) return;
    await Promise.all([levels, speaker].map((observer) => observer.addProducer({ producerId: producer.id })));
  }

  lose(node: RouterNode): void {
    this.#observers.delete(node);
    if (this.#voices.delete(node)) this.#changed();
  }

  /** A producer is gone: it does not speak any more. */
  forget(id: ProducerId): void {
    for (const [node, { levels, dominant }] of this.#voices) {
      const left = levels.filter(({ producerId }) => producerId !== id);
      this.#voices.set(node, { levels: left, dominant: dominant === id ? undefined : dominant });
    }
    if (this.#dominant === id) this.#dominant = undefined;
  }

  close(): void {
    this.#cancelTell?.();
    this.#observers.clear();
    this.#voices.clear();
  }

  /** What cannot be made is tried again for the next microphone. */
  #begin(node: RouterNode): Promise<Observers> {
    const making = this.#open(node);
    this.#observers.set(node, making);
    making.catch(() => {
      if (this.#observers.get(node) === making) this.#observers.delete(node);
    });
    return making;
  }

  async #open(node: RouterNode): Promise<Observers> {
    const [levels, speaker] = await Promise.all([
      node.router.createAudioLevelObserver(levelOptions),
      node.router.createActiveSpeakerObserver(speakerOptions),
    ]);
    levels.on('volumes', (volumes) =>
      this.#hear(node, {
        levels: volumes.map(({ producer, volume }) => ({ producerId: ProducerId.parse(producer.id), volume })),
      }),
    );
    levels.on('silence', () => this.#hear(node, { levels: [] }));
    speaker.on('dominantspeaker', ({ producer }) => this.#hear(node, { dominant: ProducerId.parse(producer.id) }));
    return { levels, speaker };
  }

  #hear(node: RouterNode, news: Partial<Voices>): void {
    if (!this.#observers.has(node)) return;
    this.#voices.set(node, { levels: [], dominant: undefined, ...this.#voices.get(node), ...news });
    if (news.levels) this.#changed();
    this.#followDominant();
  }

  #followDominant(): void {
    const dominant = pickDominant(this.#voices.values(), this.#dominant);
    if (dominant === undefined || dominant === this.#dominant) return;
    this.#dominant = dominant;
    this.#events.emit('dominantSpeakerChanged', { producerId: dominant });
  }

  /** One router speaks every 800 ms; several do so out of step, and are told together. */
  #changed(): void {
    if (this.#cancelTell) return;
    const silent = [...this.#voices.values()].every(({ levels }) => levels.length === 0);
    if (silent && this.#told.empty) return;
    const wait = this.#told.at + tellEveryMs - this.#clock.now();
    if (silent || this.#told.empty || this.#voices.size === 1 || wait <= 0) this.#tell();
    else this.#cancelTell = this.#clock.after(wait, () => this.#tell());
  }

  #tell(): void {
    this.#cancelTell?.();
    this.#cancelTell = undefined;
    const levels = mergeLevels(this.#voices.values());
    this.#told = { at: this.#clock.now(), empty: levels.length === 0 };
    this.#events.emit('audioLevels', levels);
  }
}
