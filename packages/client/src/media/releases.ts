import type { Clock } from '@potluck/kernel';
import type { ConsumerId } from '@potluck/protocol';

/** Whoever shows tracks needs a moment to change over; what moved together is said together. */
const afterMs = 200;

/** Gathers consumers in whose place others are shown, and has them given back together. */
export class Releases {
  readonly #clock: Clock;
  readonly #release: (consumerIds: ConsumerId[]) => void;
  readonly #waiting = new Set<ConsumerId>();

  constructor(clock: Clock, release: (consumerIds: ConsumerId[]) => void) {
    this.#clock = clock;
    this.#release = release;
  }

  add(consumerId: ConsumerId): void {
    this.#waiting.add(consumerId);
    if (this.#waiting.size > 1) return;
    this.#clock.after(afterMs, () => {
      const consumerIds = [...this.#waiting];
      this.#waiting.clear();
      this.#release(consumerIds);
    });
  }
}
