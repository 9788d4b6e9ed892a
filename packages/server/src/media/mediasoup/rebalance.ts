/** What rebalancing knows of a worker; the load is the mean since the last look. */
export type Burden = { readonly index: number; readonly cpu: number; readonly transports: number };

/** Move so many transports of clients from one worker to another. */
export type Shift = { readonly from: number; readonly to: number; readonly transports: number };

/** From when on moving pays, in shares of a core. */
export type Worth = {
  /** From here on a worker is worth relieving: below, everything is fast wherever it is. */
  readonly busyCpu: number;
  /** The other has so much less to do. Half of it goes over, so that it does not come back. */
  readonly minDifference: number;
};
const usualWorth: Worth = { busyCpu: 0.65, minDifference: 0.3 };
/** At most so much of a worker moves at once: what moves costs twice while it does. */
const maxShare = 0.25;

type Lately = { readonly moved: readonly number[]; readonly now: number; readonly perMinute: number };

/**
 * Whether media should go from the busiest worker to the least busy one. Pure: it only looks. `moved` are the times of
 * the moves before, `now` the time, all in milliseconds.
 */
export function chooseShift(
  workers: readonly Burden[],
  { moved, now, perMinute, worth = usualWorth }: Lately & { readonly worth?: Worth | undefined },
): Shift | undefined {
  if (moved.filter((at) => now - at < 60_000).length >= perMinute) return undefined;
  const sorted = workers.toSorted((a, b) => a.cpu - b.cpu || a.index - b.index);
  const [idle, busy] = [sorted[0], sorted.at(-1)];
  if (idle === undefined || busy === undefined || busy.cpu < worth.busyCpu) return undefined;
  const difference = busy.cpu - idle.cpu;
  if (difference < worth.minDifference) return undefined;
  const share = Math.min(maxShare, difference / 2 / busy.cpu);
  const transports = Math.floor(busy.transports * share);
  return transports === 0 ? undefined : { from: busy.index, to: idle.index, transports };
}

/** Looks that must agree before anything moves: a peak of a moment is none. */
export const agreeingLooks = 3;
