import { backoffDelay } from './backoff.ts';
import { systemClock, type Clock } from './clock.ts';

export type ConvergerOptions = {
  /** Brings the actual state one step nearer to the desired one. Rejects when another try may succeed. */
  pass: () => Promise<void>;
  report: (error: unknown) => void;
  /** When a pass that was asked for begins; default a microtask later, so that changes made together are seen together. */
  begin?: (pass: () => void) => void;
  firstRetryMs?: number;
  maxRetryMs?: number;
  clock?: Clock;
};

/**
 * Runs `pass` whenever it is poked, never twice at once: pokes during a pass lead to one more pass, so many changes
 * cost few passes. A pass that rejects is repeated with back-off.
 */
export class Converger {
  readonly #options: ConvergerOptions;
  readonly #clock: Clock;
  #state: 'idle' | 'running' | 'again' | 'closed' = 'idle';
  #failures = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(options: ConvergerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  poke(): void {
    if (this.#state === 'running') this.#state = 'again';
    if (this.#state !== 'idle') return;
    this.#cancelRetry?.();
    this.#state = 'running';
    void this.#run();
  }

  close(): void {
    this.#state = 'closed';
    this.#cancelRetry?.();
  }

  /** Cannot reject: a failing pass is reported and scheduled again. */
  async #run(): Promise<void> {
    await new Promise<void>(this.#options.begin ?? queueMicrotask);
    if (this.#closed()) return;
    let failed = false;
    try {
      await this.#options.pass();
      this.#failures = 0;
    } catch (error) {
      failed = true;
      this.#options.report(error);
    }
    if (this.#closed()) return;
    const again = this.#state === 'again';
    this.#state = 'idle';
    if (failed) this.#retryLater();
    else if (again) this.poke();
  }

  #closed(): boolean {
    return this.#state === 'closed';
  }

  #retryLater(): void {
    const { firstRetryMs = 200, maxRetryMs = 10_000 } = this.#options;
    const delay = backoffDelay(this.#failures++, { firstMs: firstRetryMs, maxMs: maxRetryMs });
    this.#cancelRetry = this.#clock.after(delay, () => this.poke());
  }
}
