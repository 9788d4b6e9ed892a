import { startTransition, useEffect, useMemo, useState } from 'react';
import { afterFrame } from './slices.ts';

/** What of `wanted` to draw: all of it that is drawn already, and the first `atOnce` others. The same set if nothing changes. */
export function nextDrawn(wanted: readonly string[], drawn: ReadonlySet<string>, atOnce: number): ReadonlySet<string> {
  let left = atOnce;
  const next = new Set(wanted.filter((key) => drawn.has(key) || left-- > 0));
  return next.size === drawn.size && [...next].every((key) => drawn.has(key)) ? drawn : next;
}

/**
 * The part of many things to draw now. What is there stays; of what is new some come at once, and as many again after each
 * frame: an interaction is answered with its first frame, however much it brings.
 */
export function useGradually(wanted: readonly string[], atOnce = 12): ReadonlySet<string> {
  const [drawn, setDrawn] = useState<ReadonlySet<string>>(new Set());
  const now = useMemo(() => nextDrawn(wanted, drawn, atOnce), [wanted, drawn, atOnce]);
  useEffect(() => {
    if (now === drawn) return undefined;
    return afterFrame(() => startTransition(() => setDrawn(now)));
  }, [now, drawn]);
  return now;
}
