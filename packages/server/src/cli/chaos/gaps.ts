/** Longest time without anything between two moments, both in the clock of `times`. Ends of the window count as something. */
export function longestGap(times: readonly number[], from: number, to: number): number {
  const inside = times.filter((time) => time > from && time < to);
  const edges = [from, ...inside, to];
  return edges.reduce(
    (longest, time, index) => Math.max(longest, index === 0 ? 0 : time - (edges[index - 1] ?? time)),
    0,
  );
}

/** A receiver, and its longest gap of each `<sender> <source>`, in milliseconds; `undefined` where it could not be asked. */
export type Heard = { readonly name: string; readonly gaps: { readonly [stream: string]: number } | undefined };

/**
 * The longest gap of one source between any two bots, in milliseconds; `counts` gets the indices of receiver and sender.
 * Of whom nothing is known nothing came in the whole window.
 */
export function longestOf(
  source: string,
  bots: readonly Heard[],
  windowMs: number,
  counts: (receiver: number, sender: number) => boolean,
): number {
  let longest = 0;
  for (const [receiver, { gaps }] of bots.entries()) {
    for (const [sender, { name }] of bots.entries()) {
      if (sender === receiver || !counts(receiver, sender)) continue;
      longest = Math.max(longest, gaps?.[`${name} ${source}`] ?? windowMs);
    }
  }
  return longest;
}
