/**
 * Keeps speakers in view without making tiles jump: everybody stays where they are; only somebody who speaks and is out of
 * view changes places with the one in view who has been silent longest.
 */
export function promoteSpeakers(
  order: readonly string[],
  inView: number,
  /** Most recent first. */
  spoke: readonly string[],
  /** Never moved away. */
  fixed: ReadonlySet<string>,
): string[] {
  const next = [...order];
  // Those spoken longest ago first, so that the most recent has the last word.
  for (const speaker of spoke.slice(0, Math.max(0, inView)).toReversed()) {
    const from = next.indexOf(speaker);
    if (from < inView) continue;
    const to = quietest(next.slice(0, inView), spoke, fixed);
    if (to === undefined) continue;
    [next[to], next[from]] = [next[from]!, next[to]!];
  }
  return next;
}

function quietest(shown: readonly string[], spoke: readonly string[], fixed: ReadonlySet<string>): number | undefined {
  let found: number | undefined;
  let foundRank = -1;
  shown.forEach((key, index) => {
    if (fixed.has(key)) return;
    const spokeAt = spoke.indexOf(key);
    const rank = spokeAt === -1 ? Infinity : spokeAt;
    if (rank >= foundRank) [found, foundRank] = [index, rank];
  });
  return found;
}

/** Carries an order over to a new set of keys: those that stay keep their places, those that came go last. */
export function keepOrder(order: readonly string[], keys: readonly string[]): string[] {
  const present = new Set(keys);
  const known = new Set(order);
  return [...order.filter((key) => present.has(key)), ...keys.filter((key) => !known.has(key))];
}

/** `speaker` has just spoken. */
export function noteSpeaker(spoke: readonly string[], speaker: string): readonly string[] {
  if (spoke[0] === speaker) return spoke;
  return [speaker, ...spoke.filter((key) => key !== speaker)].slice(0, 50);
}

/** Remembers who sits where. */
export class Seating {
  #order: readonly string[] = [];

  /** The order for these keys; `inView` tells how many of an order are seen on the first page. */
  seat(
    keys: readonly string[],
    spoke: readonly string[],
    fixed: ReadonlySet<string>,
    inView: (order: readonly string[]) => number,
  ): readonly string[] {
    const kept = keepOrder(this.#order, keys);
    this.#order = promoteSpeakers(kept, inView(kept), spoke, fixed);
    return this.#order;
  }
}
