import { Emitter, type Clock } from '@potluck/kernel';
import type { ProducerId } from '@potluck/protocol';
import type { Publication } from './publication.ts';

/** The highest spatial layer that somebody gets of a video. */
export type Demand = number;
export const wantsNothing: Demand = -1;
/** More layers than there are. */
export const wantsAll: Demand = 15;

/** How long a layer that nobody gets any more is still sent, in milliseconds: views change back and forth. */
const lowerAfterMs = 4000;

/** Says what a receiver gets of a video now. */
export type DemandSource = (id: ProducerId) => Demand;

type Entry = { readonly publication: Publication; told: Demand; cancelLowering: (() => void) | undefined };

/**
 * Finds out what of each video anybody gets, so that its sender need not encode the rest. More is told at once, less
 * only when it has lasted. Whoever begins to send counts as fully wanted until then.
 */
export class DemandControl<Receiver = object> {
  readonly events: Emitter<{ demandChanged: [publication: Publication, demand: Demand] }>;
  readonly #clock: Clock;
  readonly #sources = new Map<Receiver, DemandSource>();
  readonly #entries = new Map<ProducerId, Entry>();
  readonly #touched = new Set<ProducerId>();

  constructor(clock: Clock, report?: (error: unknown) => void) {
    this.#clock = clock;
    this.events = new Emitter(report);
  }

  /** Asks this one, too, from now on. */
  follow(receiver: Receiver, source: DemandSource): void {
    this.#sources.set(receiver, source);
  }

  unfollow(receiver: Receiver): void {
    if (!this.#sources.delete(receiver)) return;
    for (const id of this.#entries.keys()) this.touch(id);
  }

  /** A video whose sender can be told. */
  add(publication: Publication): void {
    this.#entries.set(publication.id, { publication, told: wantsAll, cancelLowering: undefined });
    this.touch(publication.id);
  }

  remove(id: ProducerId): void {
    this.#entries.get(id)?.cancelLowering?.();
    this.#entries.delete(id);
  }

  /**
   * Somebody is on the way in. What is looked at first is encoded again by the time that it is received: an encoder that was
   * off costs the newcomer's first picture a moment, and the engine one second where it has not seen the stream yet.
   */
  expect(videos: number): void {
    for (const entry of [...this.#entries.values()].slice(0, videos)) {
      entry.cancelLowering?.();
      entry.cancelLowering = undefined;
      this.#tell(entry, wantsAll);
      this.touch(entry.publication.id);
    }
  }

  /** Somebody gets more or less of it than before, perhaps. Looked at when all that happens now has happened. */
  touch(id: ProducerId): void {
    if (!this.#entries.has(id)) return;
    if (this.#touched.size === 0) queueMicrotask(() => this.#look());
    this.#touched.add(id);
  }

  close(): void {
    for (const id of [...this.#entries.keys()]) this.remove(id);
    this.#sources.clear();
  }

  #look(): void {
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const id of touched) {
      const entry = this.#entries.get(id);
      if (entry !== undefined) this.#compare(entry);
    }
  }

  #compare(entry: Entry): void {
    const demand = this.#demandOf(entry.publication.id);
    if (demand < entry.told) {
      entry.cancelLowering ??= this.#clock.after(lowerAfterMs, () => {
        entry.cancelLowering = undefined;
        this.#tell(entry, this.#demandOf(entry.publication.id));
      });
      return;
    }
    entry.cancelLowering?.();
    entry.cancelLowering = undefined;
    this.#tell(entry, demand);
  }

  #tell(entry: Entry, demand: Demand): void {
    if (demand === entry.told) return;
    entry.told = demand;
    this.events.emit('demandChanged', entry.publication, demand);
  }

  #demandOf(id: ProducerId): Demand {
    let most = wantsNothing;
    for (const source of this.#sources.values()) {
      most = Math.max(most, source(id));
      if (most === wantsAll) break;
    }
    return most;
  }
}
