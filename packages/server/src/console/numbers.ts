/** A numeric field of one of the engine's statistics; `undefined` where it has none. */
export function numberOf(stat: object, field: string): number | undefined {
  const value: unknown = Reflect.get(stat, field);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Turns counters that only grow into rates per second. */
export class Rates {
  #last = new Map<string, { at: number; value: number }>();
  #now = new Map<string, { at: number; value: number }>();

  /** `undefined` the first time. `at` in milliseconds. */
  rate(key: string, value: number, at: number): number | undefined {
    const last = this.#last.get(key);
    this.#now.set(key, { at, value });
    if (last === undefined || at <= last.at) return undefined;
    return Math.max(0, ((value - last.value) * 1000) / (at - last.at));
  }

  /** Ends a round: what was not asked for in it is forgotten. */
  turn(): void {
    this.#last = this.#now;
    this.#now = new Map();
  }
}
