import { systemClock, type Clock } from '@potluck/kernel';
import type { ProducerId } from '@potluck/protocol';

/** How long the last picture of a track stays that is expected to go on, in milliseconds. */
const lingerMs = 10_000;

/** Consumers that ended at the server and are about to be replaced: kept for what they showed last. */
export class Lingering<Entry> {
  readonly #gaveUp: (entry: Entry) => void;
  readonly #clock: Clock;
  readonly #expected = new Map<ProducerId, { entry: Entry | undefined; cancel: () => void }>();

  constructor(gaveUp: (entry: Entry) => void, clock: Clock = systemClock) {
    this.#gaveUp = gaveUp;
    this.#clock = clock;
  }

  /** These will end and be replaced. */
  expect(producerIds: readonly ProducerId[]): void {
    for (const id of producerIds) {
      if (this.#expected.has(id)) continue;
      const cancel = this.#clock.after(lingerMs, () => {
        const entry = this.release(id);
        if (entry !== undefined) this.#gaveUp(entry);
      });
      this.#expected.set(id, { entry: undefined, cancel });
    }
  }

  /** Keeps one that has ended, if a replacement is expected. */
  take(id: ProducerId, entry: Entry): boolean {
    const expected = this.#expected.get(id);
    if (expected === undefined || expected.entry !== undefined) return false;
    expected.entry = entry;
    return true;
  }

  /** Something has ended and was not replaced yet. */
  get waiting(): boolean {
    return [...this.#expected.values()].some(({ entry }) => entry !== undefined);
  }

  has(id: ProducerId): boolean {
    return this.#expected.get(id)?.entry !== undefined;
  }

  /** It has been replaced. What was kept is the caller's to close. */
  release(id: ProducerId): Entry | undefined {
    const expected = this.#expected.get(id);
    expected?.cancel();
    this.#expected.delete(id);
    return expected?.entry;
  }

  clear(): void {
    for (const { cancel } of this.#expected.values()) cancel();
    this.#expected.clear();
  }
}
