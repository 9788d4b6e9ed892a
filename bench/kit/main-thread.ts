import type { Page } from 'playwright-core';

export type MainThread = { tasks: number; cpu: number; script: number; layout: number; at: number };

/** What the main thread of the page did since it began, in milliseconds. */
export async function mainThread(page: Page): Promise<() => Promise<MainThread>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string) => 1000 * (metrics.find((one) => one.name === name)?.value ?? NaN);
    return {
      tasks: of('TaskDuration'),
      cpu: of('ThreadTime'),
      script: of('ScriptDuration'),
      layout: of('LayoutDuration') + of('RecalcStyleDuration'),
      at: of('Timestamp'),
    };
  };
}
