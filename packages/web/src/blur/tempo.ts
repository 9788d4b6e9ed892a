/** Below this rate a face is no longer a moving one. */
const slowestPerSecond = 15;
/** Of what the camera gave, so much must get through: cameras themselves are slow in the dark. */
const through = 0.8;
/** Of the time: a worker that is at work for longer is what keeps pictures back. */
const workedOut = 0.7;
/** How many slow spans in a row are no accident. */
const slowSpans = 3;

/** Some seconds of blurring: pictures that `came` from the camera, where that is known, and `went` out again. */
export type Span = {
  readonly ms: number;
  readonly came: number | undefined;
  readonly went: number;
  /** The worker painted for so long. */
  readonly workedMs: number;
};

/** Finds out whether pictures keep up, by what comes out. */
export class Tempo {
  #slow = 0;

  /** They did not of late. */
  get slow(): boolean {
    return this.#slow > 0;
  }

  /** True once it is clear that this machine is too slow. */
  note({ ms, came, went, workedMs }: Span): boolean {
    const few = (1000 * went) / ms < slowestPerSecond;
    const heldBack = came === undefined ? workedMs > workedOut * ms : went < through * came;
    this.#slow = few && heldBack ? this.#slow + 1 : 0;
    return this.#slow >= slowSpans;
  }
}
