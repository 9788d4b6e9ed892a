/** Louder than a quiet room, on the scale of `levelOf`: about -30 dBFS. */
const loud = 0.5;
const neededMs = 700;
const pauseMs = 30_000;

/** Tells talking from a cough by its length, and tells it once in a while only. */
export class TalkDetector {
  #loudMs = 0;
  #lastAt: number | undefined;
  #toldAt = -Infinity;

  /** `level` at the time `now`, in milliseconds. Whether it should be said now that somebody talks. */
  heard(level: number, now: number): boolean {
    const passed = this.#lastAt === undefined ? 0 : now - this.#lastAt;
    this.#lastAt = now;
    // Words have gaps: silence takes away as slowly as sound adds.
    this.#loudMs = Math.max(0, this.#loudMs + (level >= loud ? passed : -passed / 2));
    if (this.#loudMs < neededMs || now - this.#toldAt < pauseMs) return false;
    this.#loudMs = 0;
    this.#toldAt = now;
    return true;
  }
}
