import type { Clock } from '@potluck/kernel';

/**
 * A browser does the work of all its connections and of the page one after the other. On the way into a room what others send
 * goes first: whatever else there is to do waits until it has been asked for, or for a while at most.
 */
export class ReceiveFirst {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #expecting = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Others may be about to be received. */
  expect(): void {
    this.#expecting = true;
  }

  /** Calls `act` when the first of others is asked for, or after `withinMs`; at once if nothing is expected. Returns how to forget it. */
  after(act: () => void, withinMs: number): () => void {
    if (!this.#expecting) {
      act();
      return () => {};
    }
    const forget = () => {
      cancel();
      this.#waiting.delete(run);
    };
    const run = () => {
      forget();
      act();
    };
    const cancel = this.#clock.after(withinMs, run);
    this.#waiting.add(run);
    return forget;
  }

  /** There is nothing to wait for, or not any more. */
  release(): void {
    this.#expecting = false;
    for (const run of [...this.#waiting]) run();
  }
}
