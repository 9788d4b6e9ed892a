import { AppError } from '@potluck/kernel';

/**
 * How many of one kind somebody may have. Those on their way count: requests at once must not pass the limit before the
 * first of them is answered.
 */
export class Quota {
  readonly #what: string;
  #making = 0;

  /** `what` completes «at most 8 …». */
  constructor(what: string) {
    this.#what = what;
  }

  /**
   * Makes one more, where so many are held. `make` also registers it: by then it must be among those held. Rejects with
   * `rate_limited` at the limit.
   */
  async make<T>(held: number, limit: number, make: () => Promise<T>): Promise<T> {
    if (held + this.#making >= limit) throw new AppError('rate_limited', `at most ${limit} ${this.#what}`);
    this.#making += 1;
    try {
      return await make();
    } finally {
      this.#making -= 1;
    }
  }
}
