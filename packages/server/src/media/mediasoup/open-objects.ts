/** Swept when it holds twice what was open at the last time, and never for fewer. */
const sweepFrom = 64;

/**
 * Objects of one kind by their id. Nobody listens for the end of each: that costs a third of a kilobyte, and consumers come by the ten
 * thousand. Closed ones are not given out, and are swept out when it is read, when it grows, and when told to.
 */
export class OpenObjects<K, T extends { readonly closed: boolean }> {
  readonly #held = new Map<K, T>();
  #sweepAt = sweepFrom;

  /** Closed ones included that are not swept out yet. */
  get held(): number {
    return this.#held.size;
  }

  /** The copy that a pipe makes on another router bears its original's id: the original stays. */
  add(id: K, one: T): void {
    if (this.get(id) !== undefined) return;
    // A closed one of this id must not leave its place to a younger one.
    this.#held.delete(id);
    this.#held.set(id, one);
    if (this.#held.size >= this.#sweepAt) this.sweep();
  }

  get(id: K): T | undefined {
    const found = this.#held.get(id);
    return found?.closed === true ? undefined : found;
  }

  /** What is open now, oldest first. */
  all(): ReadonlyMap<K, T> {
    this.sweep();
    return this.#held;
  }

  sweep(): void {
    for (const [id, { closed }] of this.#held) if (closed) this.#held.delete(id);
    this.#sweepAt = Math.max(sweepFrom, 2 * this.#held.size);
  }

  clear(): void {
    this.#held.clear();
  }
}
