import type { Clock } from '@potluck/kernel';
import type { Publication } from './publication.ts';

/** How long the first receiver of a moved picture waits for the others, in milliseconds. */
const gatherMs = 120;

type Batch = { acts: (() => void)[]; cancel: () => void };

/**
 * Lets the receivers of a picture that moved begin together: one key frame then serves all of them. An encoder gives
 * the next one only after 300 ms, so whoever comes a moment later would look at a still picture for that long.
 */
export class Starts {
  readonly #clock: Clock;
  readonly #batches = new WeakMap<Publication, Batch | 'begun'>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `expected`: how many will come, at most. */
  add(publication: Publication, expected: number, act: () => void): void {
    const known = this.#batches.get(publication);
    if (known === 'begun' || publication.kind !== 'video' || publication.moved !== true || expected <= 1) return act();
    const batch = known ?? { acts: [], cancel: this.#clock.after(gatherMs, () => this.#begin(publication)) };
    this.#batches.set(publication, batch);
    batch.acts.push(act);
    if (batch.acts.length >= expected) this.#begin(publication);
  }

  #begin(publication: Publication): void {
    const batch = this.#batches.get(publication);
    if (batch === undefined || batch === 'begun') return;
    this.#batches.set(publication, 'begun');
    batch.cancel();
    for (const act of batch.acts) act();
  }
}
