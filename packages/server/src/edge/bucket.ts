/** A token bucket: `burst` at once, `perSecond` for ever. Time is given, so that one clock reading serves a message. */
export class Bucket {
  readonly #burst: number;
  readonly #perMs: number;
  #level: number;
  #at: number;

  constructor({ burst, perSecond }: { burst: number; perSecond: number }, now: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#level = burst;
    this.#at = now;
  }

  /** Takes one; `false` when there is none. A clock that was set back costs nothing and gives nothing. */
  take(now: number): boolean {
    this.#level = Math.min(this.#burst, this.#level + Math.max(0, now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#level < 1) return false;
    this.#level -= 1;
    return true;
  }
}
