import { systemClock, type Clock, type Logger } from '@potluck/kernel';
import { agreeingLooks, chooseShift, type Burden, type Worth } from './rebalance.ts';

type Deps = {
  /** Workers that run and may take something. */
  readonly burdens: () => Burden[];
  readonly rooms: () => Iterable<{ askToMove(worker: number, most?: number, to?: number): number }>;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly worth?: Worth | undefined;
};

const perMinute = 4;

/** Looks at the load of the workers at a fixed interval, and has media move when that pays. */
export class Rebalancer {
  readonly #deps: Deps;
  readonly #everyMs: number;
  readonly #clock: Clock;
  readonly #moved: number[] = [];
  #agreed = 0;
  #cancel = () => {};

  constructor(deps: Deps, everyMs: number) {
    this.#deps = deps;
    this.#everyMs = everyMs;
    this.#clock = deps.clock ?? systemClock;
    if (everyMs > 0) this.#next();
  }

  close(): void {
    this.#cancel();
  }

  #next(): void {
    this.#cancel = this.#clock.after(this.#everyMs, () => {
      this.#look();
      this.#next();
    });
  }

  #look(): void {
    const now = this.#clock.now();
    const shift = chooseShift(this.#deps.burdens(), { moved: this.#moved, now, perMinute, worth: this.#deps.worth });
    this.#agreed = shift === undefined ? 0 : this.#agreed + 1;
    if (shift === undefined || this.#agreed < agreeingLooks) return;
    this.#agreed = 0;
    this.#moved.push(now);
    while ((this.#moved[0] ?? now) < now - 60_000) this.#moved.shift();
    this.#deps.log.info('media moves to a less busy worker', shift);
    let left = shift.transports;
    for (const room of this.#deps.rooms()) {
      if (left <= 0) break;
      left -= room.askToMove(shift.from, left, shift.to);
    }
  }
}
