/** Of the time, at most this much goes into finding the person; the rest is for pictures, and for the call. */
const share = 0.4;
/** A person has moved on after this long, whatever it costs to look. */
const longestMs = 250;

/** Says when to look again where the person is. */
export class MaskPace {
  #lookedAt: number | undefined;
  #costMs = 0;

  /** If it is time: how long ago one looked last, `Infinity` if never. The caller looks now, and tells what that took. */
  due(now: number): number | undefined {
    const elapsed = this.#lookedAt === undefined ? Infinity : now - this.#lookedAt;
    if (elapsed < Math.min(longestMs, this.#costMs / share)) return undefined;
    this.#lookedAt = now;
    return elapsed;
  }

  took(ms: number): void {
    // The first look warms everything up, and says little.
    this.#costMs += (ms - this.#costMs) / 4;
  }
}
