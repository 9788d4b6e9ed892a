export type BackoffOptions = { firstMs: number; maxMs: number; factor?: number; random?: () => number };

/**
 * Delay before attempt `n` (0-based) in milliseconds: exponential, capped, with equal jitter (half fixed, half random)
 * so that many clients that lost the same server do not come back in step.
 */
export function backoffDelay(attempt: number, options: BackoffOptions): number {
  const { firstMs, maxMs, factor = 2, random = Math.random } = options;
  const full = Math.min(maxMs, firstMs * factor ** attempt);
  return full / 2 + (full / 2) * random();
}
