import type { Clock } from '@potluck/kernel';

/**
 * A socket that opened within this time, in milliseconds, leads to a server (up to some 70 ms of round trip away) whose first
 * consumers will be here before the own tracks have waited too long.
 */
const nearMs = 150;
/** How long the own tracks wait for them at most, in milliseconds. */
const holdMs = 100;

/**
 * A browser does the work of all its connections one after the other, and begins to encode as soon as it may send. Near the
 * server what others send would wait behind that, so it goes first. Far away the own tracks begin while nothing else can.
 */
export class ReceiveFirst {
  readonly #clock: Clock;
  #held: { start: () => void; cancel: () => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `start` now, or when the first of others is under way. `socketMs`: how long the socket took to open. */
  begin(start: () => void, socketMs: number): void {
    this.close();
    if (socketMs > nearMs) return start();
    this.#held = { start, cancel: this.#clock.after(holdMs, () => this.release()) };
  }

  /** There is nothing to wait for, or not any more. */
  release(): void {
    const held = this.#held;
    this.close();
    held?.start();
  }

  /** What waits is not wanted any more. */
  close(): void {
    this.#held?.cancel();
    this.#held = undefined;
  }
}
