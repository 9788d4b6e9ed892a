/**
 * What the frame said, its fields as they came: they are only handed on. `undefined` for whatever else is posted. On its
 * own, so that `embed.js` stays one file.
 */
export function eventOf(data: unknown): { event: string; detail: { [name: string]: unknown } } | undefined {
  if (typeof data !== 'object' || data === null || !('potluck' in data)) return undefined;
  const { event, ...detail } = Object(data.potluck) as { [name: string]: unknown };
  return typeof event === 'string' ? { event, detail } : undefined;
}
