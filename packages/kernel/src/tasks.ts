/** Gives background work an owner and a name: nothing floats, failures are reported under that name. */
export class Tasks {
  readonly #running = new Set<Promise<void>>();
  readonly #report: (name: string, error: unknown) => void;

  constructor(report: (name: string, error: unknown) => void) {
    this.#report = report;
  }

  get size(): number {
    return this.#running.size;
  }

  spawn(name: string, work: Promise<unknown>): void {
    // One promise for each, and not three: in a storm of joins there are tens of thousands.
    const task: Promise<void> = work.then(
      () => void this.#running.delete(task),
      (error: unknown) => {
        this.#running.delete(task);
        this.#report(name, error);
      },
    );
    this.#running.add(task);
  }

  /** Resolves when nothing is running any more, also what was spawned meanwhile. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
