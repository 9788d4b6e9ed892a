import type { Clock } from '@potluck/kernel';
import type { Publication } from './publication.ts';

/** How long the first receiver of a moved picture waits for the others, in milliseconds. */
const gatherMs = 120;
/** How long a picture is held back for the first of them. */
const holdMs = 1000;
/**
 * How long it is held back in any case. The engine gives a receiver no layer of a stream before it has seen a frame of
 * its lowest temporal layer (every fourth one), and looks again only after a second.
 */
const settleMs = 180;

type Batch = {
  readonly acts: (() => void)[];
  readonly start: () => void;
  readonly notBefore: number;
  cancel: () => void;
};

/**
 * Lets the receivers of a picture that moved begin together: one key frame then serves all of them. An encoder gives
 * the next one only after 300 ms, so whoever comes a moment later would look at a still picture for that long. Until
 * they are there the picture is held back: the engine would ask for a key frame at the first packet, and waste it.
 */
export class Starts {
  readonly #clock: Clock;
  readonly #batches = new WeakMap<Publication, Batch | 'begun'>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A picture that moved does not flow yet: `start` lets it, once, after what its receivers begin with. */
  hold(publication: Publication, start: () => void): void {
    this.#open(publication, start, { withinMs: holdMs, notBefore: this.#clock.now() + settleMs });
  }

  /** `count`: how many will come, at most. Asked only where it matters: this is called for every consumer there is. */
  add(publication: Publication, count: () => number, act: () => void): void {
    const known = this.#batches.get(publication);
    if (known === 'begun' || publication.kind !== 'video' || publication.follows === undefined) return act();
    const batch = known ?? this.#open(publication, () => {}, { withinMs: gatherMs, notBefore: 0 });
    batch.acts.push(act);
    if (batch.acts.length >= count()) this.#beginAfter(0, publication, batch);
    else if (batch.acts.length === 1) this.#beginAfter(gatherMs, publication, batch);
  }

  #open(publication: Publication, start: () => void, when: { withinMs: number; notBefore: number }): Batch {
    const { withinMs, notBefore } = when;
    const batch = { acts: [], start, notBefore, cancel: this.#clock.after(withinMs, () => this.#begin(publication)) };
    this.#batches.set(publication, batch);
    return batch;
  }

  #beginAfter(ms: number, publication: Publication, batch: Batch): void {
    const wait = Math.max(ms, batch.notBefore - this.#clock.now());
    batch.cancel();
    if (wait <= 0) this.#begin(publication);
    else batch.cancel = this.#clock.after(wait, () => this.#begin(publication));
  }

  #begin(publication: Publication): void {
    const batch = this.#batches.get(publication);
    if (batch === undefined || batch === 'begun') return;
    this.#batches.set(publication, 'begun');
    batch.cancel();
    for (const act of batch.acts) act();
    batch.start();
  }
}
