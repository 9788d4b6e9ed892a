import { systemClock, type Clock } from '@potluck/kernel';
import { sameSignalMs } from '../running.ts';

/** What Ctrl-C means to a command: the first wishes for an end in order (`signal`), a later one for an end at once. */
export class Interrupt {
  readonly #abort = new AbortController();
  readonly #endNow: () => void;
  readonly #clock: Clock;
  #since = 0;

  constructor(endNow: () => void, clock: Clock = systemClock) {
    this.#endNow = endNow;
    this.#clock = clock;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** A signal came. The same one may come twice: from the terminal, and passed on by npm or by our own launcher. */
  hear(): void {
    const now = this.#clock.now();
    if (!this.signal.aborted) {
      this.#since = now;
      this.#abort.abort();
    } else if (now - this.#since >= sameSignalMs) this.#endNow();
  }
}
