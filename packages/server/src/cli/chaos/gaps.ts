/** Longest time without anything between two moments, both in the clock of `times`. Ends of the window count as something. */
export function longestGap(times: readonly number[], from: number, to: number): number {
  const inside = times.filter((time) => time > from && time < to);
  const edges = [from, ...inside, to];
  return edges.reduce(
    (longest, time, index) => Math.max(longest, index === 0 ? 0 : time - (edges[index - 1] ?? time)),
    0,
  );
}

/** The value that so great a share of all is not above; 0 of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? 0;
}
