import type { StreamStats } from '@potluck/client';
import { createStore, type Store } from '../state/store.ts';
import { noHistory, record, type CallHistory } from './history.ts';

/** Reads the statistics of a call regularly, while anybody looks. Close it to stop. */
export class Readings {
  readonly history: Store<CallHistory> = createStore(noHistory);
  readonly #read: () => Promise<readonly StreamStats[]>;
  readonly #everyMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor(read: () => Promise<readonly StreamStats[]>, everyMs = 2000) {
    this.#read = read;
    this.#everyMs = everyMs;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#next();
  }

  close(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  /** Never rejects: a reading that fails is a gap. */
  async #next(): Promise<void> {
    try {
      const reading = await this.#read();
      if (this.#running) this.history.set(record(this.history.get(), reading));
    } catch {
      // The transport may be between two paths; the next reading comes.
    }
    if (this.#running) this.#timer = setTimeout(() => void this.#next(), this.#everyMs);
  }
}
