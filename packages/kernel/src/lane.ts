import { systemClock, type Clock } from './clock.ts';

type Waiting = { readonly weight: number; readonly enter: () => void };

/** Lets only so much in at once; the rest waits in order, but behind nobody for longer than `longestMs`. */
export class Lane {
  readonly #limit: number;
  readonly #longestMs: number;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #inside = 0;
  #next = 0;

  /** `longestMs`: what takes longer goes on, and gives its place away: what hangs must not stop the others. */
  constructor(limit: number, longestMs: number, clock: Clock = systemClock) {
    this.#limit = limit;
    this.#longestMs = longestMs;
    this.#clock = clock;
  }

  /** `weight`: how much of the limit it takes. What weighs more than all of it goes in alone. */
  async run<T>(work: () => Promise<T>, weight = 1): Promise<T> {
    if (this.#isFree(weight) && this.#next === this.#waiting.length) this.#inside += weight;
    else await new Promise<void>((enter) => this.#waiting.push({ weight, enter }));
    let inside = true;
    const leave = () => {
      if (!inside) return;
      inside = false;
      this.#inside -= weight;
      this.#letIn();
    };
    const cancel = this.#clock.after(this.#longestMs, leave);
    try {
      return await work();
    } finally {
      cancel();
      leave();
    }
  }

  /** Whoever was served is cleared away now and then, not one by one. */
  #letIn(): void {
    for (;;) {
      const next = this.#waiting[this.#next];
      if (next === undefined || !this.#isFree(next.weight)) break;
      this.#inside += next.weight;
      this.#next += 1;
      next.enter();
    }
    if (this.#next > 1000 || this.#next === this.#waiting.length) {
      this.#waiting.splice(0, this.#next);
      this.#next = 0;
    }
  }

  #isFree(weight: number): boolean {
    return this.#inside === 0 || this.#inside + weight <= this.#limit;
  }
}
