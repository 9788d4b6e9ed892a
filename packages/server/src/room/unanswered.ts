import type { Clock } from '@potluck/kernel';
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
  readonly #repeats = new Map<string, number>();
  readonly #timers = new Set<() => void>();

  constructor(deps: UnansweredDeps, again: (held: readonly Held[]) => void) {
    this.#deps = deps;
    this.#again = again;
  }

  offered(held: readonly Held[]): void {
    const most = Math.max(0, ...held.map(({ key }) => this.#repeats.get(key) ?? 0));
    const { clock, present } = this.#deps;
    const cancel = clock.after(answerWithinMs * 2 ** most, () => {
      this.#timers.delete(cancel);
      const silent = held.filter(({ state }) => state === 'offered');
      if (silent.length === 0) return;
      // It has not had them yet, or its answer has not come.
      if (!present()) return this.offered(silent);
      const due = silent.filter(({ key }) => (this.#repeats.get(key) ?? 0) < mostRepeats);
      for (const { key } of due) this.#repeats.set(key, (this.#repeats.get(key) ?? 0) + 1);
      if (due.length > 0) this.#again(due);
    });
    this.#timers.add(cancel);
  }

  answered({ key }: Held): void {
    this.#repeats.delete(key);
  }

  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }
}
