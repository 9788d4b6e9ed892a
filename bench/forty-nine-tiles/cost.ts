import type { Page } from 'playwright-core';

/** Percent of the time, of one core; and frames a second. */
export type Share = {
  readonly busy: number;
  readonly cpu: number;
  readonly script: number;
  readonly layout: number;
  readonly drawing: number;
  readonly pictures: number;
};

/** Milliseconds of a core that the process has used which puts pictures on the screen, without a graphics card. */
export async function chromiumCpu(page: Page): Promise<() => Promise<number>> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('a page without a browser');
  const session = await browser.newBrowserCDPSession();
  return async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return 1000 * processInfo.filter(({ type }) => type === 'GPU').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
}
