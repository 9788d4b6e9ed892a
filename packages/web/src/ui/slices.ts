/** Milliseconds of work that an interaction may wait for. */
const sliceMs = 5;

export type SliceDeps = {
  now(): number;
  /** Runs it once what has happened so far is on screen. */
  soon(run: () => void): void;
};

const browser: SliceDeps = { now: () => performance.now(), soon: afterFrame };

/** Runs it once what has happened so far is on screen. Returns how to take it back. */
export function afterFrame(run: () => void): () => void {
  let done = false;
  const once = () => {
    if (!done) run();
    done = true;
  };
  requestAnimationFrame(() => setTimeout(once));
  // A page that nobody sees has no frames; it may have a floating window.
  setTimeout(once, 100);
  return () => {
    done = true;
  };
}

/** Work in order, some milliseconds at a time: the first at once, what is too much for one frame after the next ones. */
export class Slices {
  readonly #deps: SliceDeps;
  #waiting: (() => void)[] = [];
  #spentMs = 0;
  #scheduled = false;

  constructor(deps: SliceDeps = browser) {
    this.#deps = deps;
  }

  /** Returns how to take it back while it waits. */
  add(work: () => void): () => void {
    this.#schedule();
    if (this.#waiting.length === 0 && this.#spentMs < sliceMs) this.#do(work);
    else this.#waiting.push(work);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== work);
    };
  }

  #do(work: () => void): void {
    const startedAt = this.#deps.now();
    work();
    this.#spentMs += this.#deps.now() - startedAt;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#deps.soon(() => {
      this.#scheduled = false;
      this.#spentMs = 0;
      while (this.#waiting.length > 0 && this.#spentMs < sliceMs) this.#do(this.#waiting.shift()!);
      if (this.#waiting.length > 0) this.#schedule();
    });
  }
}
