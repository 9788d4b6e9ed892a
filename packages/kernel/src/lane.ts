type Waiting = { readonly weight: number; readonly enter: () => void };

/** Lets only so much in at once; the rest waits in order. */
export class Lane {
  readonly #limit: number;
  readonly #waiting: Waiting[] = [];
  #inside = 0;
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** `weight`: how much of the limit it takes. What weighs more than all of it goes in alone. */
  async run<T>(work: () => Promise<T>, weight = 1): Promise<T> {
    if (this.#isFree(weight) && this.#next === this.#waiting.length) this.#inside += weight;
    else await new Promise<void>((enter) => this.#waiting.push({ weight, enter }));
    try {
      return await work();
    } finally {
      this.#inside -= weight;
      this.#letIn();
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
