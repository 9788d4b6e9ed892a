/**
 * One input as the page lived it, in milliseconds after the input: `painted` is what the browser says (Event Timing: until
 * the next picture was presented, in steps of 8), `handlers` what the listeners took, `page` all that the main thread worked
 * for it: listeners, style, layout and paint.
 */
export type Watched = { readonly painted: number; readonly handlers: number; readonly page: number };

declare global {
  var __watched: { begin(): void; take(): Promise<Watched> };
}

/** Runs in the page before its own scripts. */
export function watchInputs(): void {
  let entries: PerformanceEventTiming[] = [];
  let working: { from: number; to: number }[] = [];
  new PerformanceObserver((list) => {
    // Pointing is no interaction (Event Timing §interactionId): only what was pressed counts.
    for (const entry of list.getEntries() as (PerformanceEventTiming & { interactionId: number })[])
      if (entry.interactionId > 0) entries.push(entry);
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  const frame = new MessageChannel();
  let frameFrom = 0;
  frame.port1.addEventListener('message', () => working.push({ from: frameFrom, to: performance.now() }));
  frame.port1.start();
  const input = () =>
    requestAnimationFrame(() => {
      frameFrom = performance.now();
      // Comes after this frame's style, layout and paint.
      frame.port2.postMessage(undefined);
    });
  for (const name of ['pointerdown', 'pointerup', 'click', 'keydown', 'keyup'])
    globalThis.addEventListener(name, input, { capture: true, passive: true });
  const frames = (count: number): Promise<void> =>
    new Promise((done) => {
      const next = (left: number) => (left === 0 ? setTimeout(done, 50) : requestAnimationFrame(() => next(left - 1)));
      next(count);
    });
  globalThis.__watched = {
    begin() {
      entries = [];
      working = [];
    },
    async take() {
      // Entries come after the frame that they tell of.
      await frames(4);
      const slowest = entries.toSorted((a, b) => b.duration - a.duration)[0];
      if (slowest === undefined) return { painted: 0, handlers: 0, page: 0 };
      const same = entries.filter(
        (one) => (one as { interactionId?: number }).interactionId === (slowest as { interactionId?: number }).interactionId, // prettier-ignore
      );
      const handlers = same.reduce((sum, one) => sum + one.processingEnd - one.processingStart, 0);
      const until = slowest.startTime + slowest.duration;
      const frameWork = working.find(({ from }) => from >= slowest.processingEnd && from <= until);
      return { painted: slowest.duration, handlers, page: handlers + (frameWork ? frameWork.to - frameWork.from : 0) };
    },
  };
}
