/** One input event as the browser measured it (Event Timing): from the input to the next paint, and the handlers' part. */
export type Watched = { readonly name: string; readonly duration: number; readonly processing: number };

declare global {
  var __watched: Watched[];
}

/** Runs in the page before its own scripts. */
export function watchTasks(): void {
  globalThis.__watched = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceEventTiming[]) {
      const { name, duration, processingStart, processingEnd } = entry;
      globalThis.__watched.push({ name, duration, processing: processingEnd - processingStart });
    }
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
}
