/** A token bucket: `burst` at once, `perSecond` for ever. Time is given, so that one clock reading serves a message. */
export class Bucket {
  readonly #burst: number;
  readonly #perMs: number;
  #level: number;
  #at: number;

  constructor({ burst, perSecond }: { burst: number; perSecond: number }, now: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#level = burst;
    this.#at = now;
  }

  /** Takes one; `false` when there is none. A clock that was set back costs nothing and gives nothing. */
  take(now: number): boolean {
    if (!this.has(now)) return false;
    this.#level -= 1;
    return true;
  }

  /** Whether there is one to take. */
  has(now: number): boolean {
    this.#level = Math.min(this.#burst, this.#level + Math.max(0, now - this.#at) * this.#perMs);
    this.#at = now;
    return this.#level >= 1;
  }
}

/** At most so many keys are remembered; beyond it those that were asked about longest ago are forgotten. */
const maxKeys = 10_000;

/** A token bucket for each of many: addresses, say. Bounded, whoever comes. */
export class Buckets {
  readonly #rate: { burst: number; perSecond: number };
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: { burst: number; perSecond: number }) {
    this.#rate = rate;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes one for this key; `false` when there is none. */
  take(key: string, now: number): boolean {
    return this.#bucket(key, now).take(now);
  }

  /** Whether there is one to take. */
  has(key: string, now: number): boolean {
    return this.#buckets.get(key)?.has(now) ?? true;
  }

  #bucket(key: string, now: number): Bucket {
    const bucket = this.#buckets.get(key) ?? new Bucket(this.#rate, now);
    // The order of a Map is that of insertion: the first is the one that was used longest ago.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > maxKeys && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}
