import { elapsed, type Clock } from '@potluck/kernel';

/** Between one group and the next, in milliseconds: every receiver takes up what moved in a group with one SDP exchange. */
const everyMs = 250;
const smallestGroup = 5;
/** However many there are, all have begun after so many groups. */
const mostGroups = 20;

/**
 * Lets the members of a room move to other transports a few at a time. All at once would have every client make and
 * every worker open twice what it has, at the moment in which nothing may be late.
 */
export class Moves {
  readonly #clock: Clock;
  readonly #members: () => number;
  #groupAt = -Infinity;
  #inGroup = 0;

  constructor(clock: Clock, members: () => number) {
    this.#clock = clock;
    this.#members = members;
  }

  /** Resolves when it is the next one's turn. */
  async turn(): Promise<void> {
    const now = this.#clock.now();
    if (now >= this.#groupAt + everyMs) this.#open(now);
    else if (this.#inGroup >= Math.max(smallestGroup, Math.ceil(this.#members() / mostGroups))) {
      this.#open(this.#groupAt + everyMs);
    }
    this.#inGroup += 1;
    const waitMs = this.#groupAt - now;
    if (waitMs > 0) await elapsed(waitMs, this.#clock);
  }

  #open(at: number): void {
    this.#groupAt = at;
    this.#inGroup = 0;
  }
}
