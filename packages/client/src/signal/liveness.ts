import { systemClock, withTimeout, type Clock } from '@potluck/kernel';

export type LivenessDeps = {
  linked: () => boolean;
  /** Asks the server for anything. */
  ask: () => Promise<unknown>;
  /** The socket is dead though nobody said so. */
  onDead: (why: string) => void;
  clock?: Clock;
};

const answerMs = 3000;
const checkEveryMs = 10_000;
const silentMs = 25_000;

/**
 * Finds out whether a socket that looks open still works: browsers cannot ping, and a network that vanished without a
 * word shows only after minutes.
 */
export class Liveness {
  readonly #deps: LivenessDeps;
  readonly #clock: Clock;
  #heardAt: number;
  #asking = false;
  #cancel: () => void;

  constructor(deps: LivenessDeps) {
    this.#deps = deps;
    this.#clock = deps.clock ?? systemClock;
    this.#heardAt = this.#clock.now();
    this.#cancel = this.#clock.after(checkEveryMs, () => this.#check());
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** There is a reason to doubt: ask now. */
  probe(why: string): void {
    if (this.#asking || !this.#deps.linked()) return;
    this.#asking = true;
    const asked = this.#clock.now();
    withTimeout(this.#deps.ask(), answerMs, 'the answer', this.#clock).then(
      () => (this.#asking = false),
      () => {
        this.#asking = false;
        // An error is an answer too; silence is not.
        if (this.#heardAt <= asked && this.#deps.linked()) this.#deps.onDead(why);
      },
    );
  }

  close(): void {
    this.#cancel();
  }

  #check(): void {
    this.#cancel = this.#clock.after(checkEveryMs, () => this.#check());
    if (this.#clock.now() - this.#heardAt >= silentMs) this.probe('silence');
  }
}
