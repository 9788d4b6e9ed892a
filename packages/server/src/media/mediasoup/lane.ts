/**
 * Lets only so many into the engine at once; the others wait in order. A worker answers its requests one after another:
 * without a limit, whoever wants to connect waits behind the thousands of consumers of a room that everybody enters.
 */
export class Lane {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside += 1;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** The place goes straight to the next one. Whoever was served is cleared away now and then, not one by one. */
  #leave(): void {
    const next = this.#waiting[this.#next];
    if (!next) this.#inside -= 1;
    else {
      this.#next += 1;
      next();
    }
    if (this.#next > 1000 || this.#next === this.#waiting.length) {
      this.#waiting.splice(0, this.#next);
      this.#next = 0;
    }
  }
}
