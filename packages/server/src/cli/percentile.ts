/**
 * The least of the values that at least this share of them (0 to 1) do not exceed: the nearest rank. It is always one
 * that was measured. Of a handful, which is what a test or a benchmark often has, a value between two would be made up.
 * 0 gives the least, 1 the most; `NaN` of nothing.
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}
