/** Below this rate a face is no longer a moving one. */
const slowestPerSecond = 15;
/** Frames that are looked at together, and how many such lots in a row are no accident. */
const lot = 30;
const slowLots = 3;

/** Finds out whether work on frames keeps up. */
export class Tempo {
  #count = 0;
  #spentMs = 0;
  #slow = 0;

  /** It did not keep up of late. */
  get slow(): boolean {
    return this.#slow > 0;
  }

  /** One frame took so long. True once it is clear that this machine is too slow. */
  note(ms: number): boolean {
    this.#count += 1;
    this.#spentMs += ms;
    if (this.#count < lot) return false;
    this.#slow = this.#spentMs / this.#count > 1000 / slowestPerSecond ? this.#slow + 1 : 0;
    this.#count = 0;
    this.#spentMs = 0;
    return this.#slow >= slowLots;
  }
}
