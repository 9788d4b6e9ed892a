/**
 * What a call of 49 moving pictures costs the main thread of the page, and how long every interaction takes until it is
 * on screen, in Chromium without a graphics card. The room is made up; its tracks are fed by a worker, as decoders would.
 */
import { cpus, loadavg } from 'node:os';
import { openBrowser } from '@potluck/testkit/browser';
import { waitFor } from '@potluck/testkit';
import type { Page } from 'playwright-core';
import { serveScenes } from '../../scripts/pictures/site.ts';
import { watchTasks, type Watched } from './watch.ts';

const seconds = Number(process.argv[2] ?? 20);
if (!Number.isInteger(seconds) || seconds < 1) throw new Error('how many seconds? A whole number from 1 on');

await using site = await serveScenes();
await using browser = await openBrowser();
const { page } = await browser.open('about:blank', { name: '49 tiles', width: 1920, height: 1080 });
await page.addInitScript(watchTasks);
const cdp = await page.context().newCDPSession(page);
await cdp.send('Performance.enable');

async function busyMs(): Promise<{ tasks: number; cpu: number; script: number; layout: number; at: number }> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string) => 1000 * (metrics.find((one) => one.name === name)?.value ?? NaN);
  return {
    tasks: of('TaskDuration'),
    cpu: of('ThreadTime'),
    script: of('ScriptDuration'),
    layout: of('LayoutDuration') + of('RecalcStyleDuration'),
    at: of('Timestamp'),
  };
}

async function measure(what: string, query: string): Promise<void> {
  await page.goto(`${site.base}?chat=off&theme=light&${query}`);
  const moving = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('video')].map((video) => video.getVideoPlaybackQuality().totalVideoFrames),
    );
  await waitFor(async () => (await moving()).length > 30 && (await moving()).every((count) => count > 10), {
    what: 'moving pictures',
    timeoutMs: 60_000,
  });
  const frames = await moving();
  const before = await busyMs();
  await waitFor(async () => (await busyMs()).at - before.at >= 1000 * seconds, { what: 'time', timeoutMs: 60_000 + 2000 * seconds, everyMs: 250 }); // prettier-ignore
  const after = await busyMs();
  const passed = after.at - before.at;
  const shown = (await moving()).map((count, index) => ((count - (frames[index] ?? 0)) * 1000) / passed);
  const share = (part: 'tasks' | 'cpu' | 'script' | 'layout') =>
    `${((100 * (after[part] - before[part])) / passed).toFixed(1)} %`;
  const rate = shown.reduce((sum, one) => sum + one, 0) / shown.length;
  console.log(
    `| ${what} | ${share('tasks')} | ${share('cpu')} | ${share('script')} | ${share('layout')} | ${shown.length} × ${rate.toFixed(1)}/s |`,
  );
}

console.log(`49 tiles at 1920×1080, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, ${seconds} s each\n`);
console.log('| the main thread | busy | on a processor | script | style and layout | pictures |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
await measure('in a quiet room', 'people=49&generated');
await measure('in a busy room', 'people=49&generated&bustle');
await interact(page);

/** In the busy room. */
async function interact(on: Page): Promise<void> {
  const press = (id: string) => on.getByTestId(id).first().click();
  const steps: readonly (readonly [what: string, act: () => Promise<unknown>])[] = [
    ['open the chat', () => press('chat')],
    ['type 30 letters', () => on.getByTestId('chat-input').pressSequentially('Thirty letters, typed quickly.')],
    ['send', () => on.keyboard.press('Enter')],
    ['close the chat', () => press('close-panel')],
    ['open the people', () => press('people')],
    ['search', () => on.getByTestId('people-search').pressSequentially('grace')],
    ['close the people', () => press('close-panel')],
    ['next layout', () => on.keyboard.press('l')],
    ['next layout', () => on.keyboard.press('l')],
    ['next layout', () => on.keyboard.press('l')],
    ['next layout', () => on.keyboard.press('l')],
    ['pin', () => on.getByTestId('tile').nth(5).dblclick()],
    ['unpin', () => on.getByTestId('tile').first().dblclick()],
    ['mute', () => press('microphone')],
    ['open the menu', () => press('more')],
    ['close the menu', () => on.keyboard.press('Escape')],
    ['open the statistics', () => on.keyboard.press('i')],
    ['close the statistics', () => on.keyboard.press('Escape')],
  ];
  console.log('\n| interaction | until it is on screen, ms | of it in the page, ms |\n| --- | ---: | ---: |');
  let worst = 0;
  const act = async (what: string, run: () => Promise<unknown>) => {
    await on.evaluate(() => globalThis.__watched.splice(0));
    await run();
    // Entries arrive after the next frame.
    await on.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))); // prettier-ignore
    const watched: Watched[] = await on.evaluate(() => globalThis.__watched);
    const duration = Math.max(0, ...watched.map((one) => one.duration));
    const processing = Math.max(0, ...watched.map((one) => one.processing));
    worst = Math.max(worst, duration);
    console.log(`| ${what} | ${duration === 0 ? '< 16' : duration} | ${processing.toFixed(0)} |`);
  };
  for (const [what, run] of steps) await act(what, run);
  await on.setViewportSize({ width: 600, height: 500 });
  await act('next page', () => press('next-page'));
  await act('page before', () => press('previous-page'));
  console.log(`\nThe longest: ${worst} ms. Load ${loadavg()[0]?.toFixed(1)}.`);
}
