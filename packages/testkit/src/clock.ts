import type { Clock } from '@potluck/kernel';

/** Time that stands still until a test moves it. Timers run in the order of their due time, then of their making. */
export class FakeClock implements Clock {
  readonly #timers = new Set<{ at: number; fn: () => void }>();
  #now: number;

  constructor(startMs = 1_700_000_000_000) {
    this.#now = startMs;
  }

  /** Timers that still wait: for leak checks. */
  get waiting(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.#now + ms, fn };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time by `ms`, running what falls due on the way, also what is set while moving. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#earliest();
      if (!next || next.at > end) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fn();
    }
    this.#now = end;
  }

  #earliest(): { at: number; fn: () => void } | undefined {
    let earliest: { at: number; fn: () => void } | undefined;
    for (const timer of this.#timers) if (!earliest || timer.at < earliest.at) earliest = timer;
    return earliest;
  }
}
