/** Runs jobs strictly one after another, in the order they came. A failing job does not stop the next. */
export class Serial {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Jobs queued or running. */
  get size(): number {
    return this.#waiting;
  }

  run<T>(job: () => T | Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#tail.then(job);
    this.#tail = result.then(
      () => (this.#waiting -= 1),
      () => (this.#waiting -= 1),
    );
    return result;
  }
}
