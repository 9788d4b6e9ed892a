/** How long a state may last before something is done, in milliseconds. */
export const patienceMs = { disconnected: 2000, connecting: 10_000, unused: 1000 } as const;

export type RepairStep =
  { kind: 'restartIce'; patienceMs: number } | { kind: 'rebuild'; forceTcp: boolean; patienceMs: number };

/**
 * What to try as the n-th step (from 1): new ICE credentials on the same transport, twice; then a new transport; then
 * one over TCP, for networks that swallow UDP; then the two in turn. `lost`: the server has no such transport.
 */
export function repairStep(attempt: number, lost: boolean): RepairStep {
  const restarts = lost ? 0 : 2;
  if (attempt <= restarts) return { kind: 'restartIce', patienceMs: 3000 + 2000 * attempt };
  return { kind: 'rebuild', forceTcp: (attempt - restarts) % 2 === 0, patienceMs: 8000 };
}
