import type { Unsubscribe } from '@potluck/kernel';

/** Holds one immutable value and tells when it was replaced. */
export class Store<S> {
  readonly #listeners = new Set<() => void>();
  #state: S;

  constructor(state: S) {
    this.#state = state;
  }

  get state(): S {
    return this.#state;
  }

  /** Replaces the value by what `next` makes of it; the same object means that nothing changed. */
  update(next: (state: S) => S): void {
    const state = next(this.#state);
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
