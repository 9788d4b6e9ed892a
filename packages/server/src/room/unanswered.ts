import type { Clock } from '@potluck/kernel';
import type { ProducerId } from '@potluck/protocol';
import type { Held } from './held.ts';

export type UnansweredDeps = {
  readonly clock: Clock;
  /** Whether the client can be reached now. */
  readonly present: () => boolean;
};

/** How long a client may take to answer an offer, in milliseconds; each time as long again. */
const answerWithinMs = 8000;
const mostRepeats = 3;

/**
 * Notices offers that a client does not answer. Whatever went wrong there (a description that its browser refused, an
 * error between two steps), nobody is to miss a track for the rest of the call: `again` gets those that are to be offered
 * anew.
 */
export class Unanswered {
  readonly #deps: UnansweredDeps;
  readonly #again: (held: readonly Held[]) => void;
  /** How often what is not answered was offered again, by key. */
  readonly #repeats = new Map<string, { readonly producerId: ProducerId; readonly times: number }>();
  readonly #timers = new Set<() => void>();

  constructor(deps: UnansweredDeps, again: (held: readonly Held[]) => void) {
    this.#deps = deps;
    this.#again = again;
  }

  offered(held: readonly Held[]): void {
    const most = Math.max(0, ...held.map(({ key }) => this.#timesOf(key)));
    const { clock, present } = this.#deps;
    const cancel = clock.after(answerWithinMs * 2 ** most, () => {
      this.#timers.delete(cancel);
      const silent = held.filter(({ state }) => state === 'offered');
      if (silent.length === 0) return;
      // It has not had them yet, or its answer has not come.
      if (!present()) return this.offered(silent);
      const due = silent.filter(({ key }) => this.#timesOf(key) < mostRepeats);
      for (const { key, producerId } of due) this.#repeats.set(key, { producerId, times: this.#timesOf(key) + 1 });
      if (due.length > 0) this.#again(due);
    });
    this.#timers.add(cancel);
  }

  answered({ key }: Held): void {
    this.#repeats.delete(key);
  }

  /** How many are remembered that have not been answered yet. */
  get size(): number {
    return this.#repeats.size;
  }

  /** What is not published any more is not offered again either. */
  forgetGone(publications: ReadonlyMap<ProducerId, unknown>): void {
    for (const [key, { producerId }] of this.#repeats) if (!publications.has(producerId)) this.#repeats.delete(key);
  }

  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#repeats.clear();
  }

  #timesOf(key: string): number {
    return this.#repeats.get(key)?.times ?? 0;
  }
}
