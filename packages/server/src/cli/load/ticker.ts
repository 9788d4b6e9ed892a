const everyMs = 5;

/** One timer for all senders and receivers of the process, however many. */
export class Ticker {
  readonly #ticks = new Set<(nowMs: number) => void>();
  #timer: NodeJS.Timeout | undefined;
  #latestMs = 0;
  #lastAt = performance.now();

  add(tick: (nowMs: number) => void): () => void {
    this.#ticks.add(tick);
    if (this.#timer === undefined) {
      this.#lastAt = performance.now();
      this.#timer = setInterval(() => this.#run(), everyMs);
    }
    return () => {
      this.#ticks.delete(tick);
      if (this.#ticks.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Since the reading before: milliseconds that the timer came late at worst. Much means that this process is the bottleneck. */
  readLateness(): number {
    const late = this.#latestMs;
    this.#latestMs = 0;
    return late;
  }

  #run(): void {
    const now = performance.now();
    this.#latestMs = Math.max(this.#latestMs, now - this.#lastAt - everyMs);
    this.#lastAt = now;
    for (const tick of this.#ticks) tick(now);
  }
}
