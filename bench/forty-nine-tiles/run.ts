/**
 * What a call of 49 moving pictures costs the main thread of the page, and how long every interaction takes until it is
 * on screen, in Chromium without a graphics card. The room is made up; its tracks are fed by a worker, as decoders would.
 * `node bench/forty-nine-tiles/run.ts [seconds] [--quick]`
 */
import { openBrowser } from '@potluck/testkit/browser';
import { waitFor } from '@potluck/testkit';
import type { Page } from 'playwright-core';
import { percentile } from '../../packages/server/src/cli/percentile.ts';
import { serveScenes } from '../../scripts/pictures/site.ts';
import { runBench } from '../kit/bench.ts';
import { mainThread } from '../kit/main-thread.ts';
import { chromiumCpu, type Share } from './cost.ts';
import { pagingOf, pressAt, stepsOf, type Step } from './steps.ts';
import { watchInputs, type Watched } from './watch.ts';

const wanted = { busy: 50, painted: 100 };
const rooms = [
  { name: 'in a quiet room', query: 'people=49&generated' },
  { name: 'in a busy room', query: 'people=49&generated&bustle' },
] as const;

type Measured = Watched & { readonly cpu: number };
type Found = ReadonlyMap<string, readonly Measured[]>;
type Stayed = { readonly share: Share; readonly found: Found };

await runBench({ name: 'forty-nine-tiles', title: '49 tiles' }, async ({ quick, args }) => {
  const seconds = Number(args[0] ?? (quick ? 5 : 20));
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error('how many seconds? A whole number from 1 on');
  const rounds = quick ? 1 : 3;
  await using site = await serveScenes();
  const stay = (query: string, steps: (page: Page) => readonly Step[], paging: boolean) =>
    stayIn(`${site.base}?chat=off&theme=light&${query}`, { seconds, rounds, steps, paging });
  const bare = await stay('scene=bare&people=49', bareSteps, false);
  const stayed: Stayed[] = [];
  for (const { query } of rooms) stayed.push(await stay(query, stepsOf, true));

  const all = [bare, ...stayed];
  const row = (what: string, of: (one: Stayed) => string) => [what, ...all.map(of)];
  const percent = (part: keyof Share) => (one: Stayed) => `${one.share[part].toFixed(1)} %`;
  const what = [...new Set(stayed.flatMap(({ found }) => [...found.keys()]))];
  const worst = stayed.map(({ found }) =>
    Math.max(...[...found.values()].map((watched) => median(watched, 'painted'))),
  );
  const worstEver = stayed.map(({ found }) => Math.max(...[...found.values()].flat().map(({ painted }) => painted)));
  const busiest = stayed[1]?.share.busy ?? NaN;
  const worstPage = stayed.map(({ found }) =>
    Math.max(...[...found.values()].map((watched) => median(watched, 'page'))),
  );
  return {
    about: [
      `Chromium without a graphics card, 1920×1080, 49 tracks of 320×180 at 15 frames a second; busy means five changes of the room a second, and somebody leaving or coming every five. The main thread over ${seconds} s.`,
      `Below, interactions, medians of ${rounds}: from the input until the next picture is on screen (Event Timing, steps of 8 ms); in brackets how long of it the main thread was at it (handlers, style, layout, paint), and what it used of a processor until everything had come to rest, our looking included.`,
      'The rest is waiting for a core, rasterising, and drawing 49 pictures on the processor: the page beside, with the same pictures and one button that changes its word, shows what that takes without any app.',
    ].join(' '),
    table: {
      head: ['', 'a bare page', ...rooms.map(({ name }) => name)],
      rows: [
        row('main thread busy', percent('busy')),
        row('of it on a processor', percent('cpu')),
        row('script', percent('script')),
        row('style and layout', percent('layout')),
        row('drawing process, of a core', percent('drawing')),
        row('pictures a second, each', ({ share }) => share.pictures.toFixed(1)),
        ['press a button', cell(bare.found.get('press')), '', ''],
        ...what.map((name) => [name, '', ...stayed.map(({ found }) => cell(found.get(name)))]),
      ],
    },
    figures: [
      { name: 'main thread, busy room', value: busiest, unit: '%', better: 'less' },
      { name: 'longest interaction, quiet room', value: worst[0] ?? NaN, unit: 'ms', better: 'less' },
      { name: 'longest interaction, busy room', value: worst[1] ?? NaN, unit: 'ms', better: 'less' },
      { name: 'most work for an interaction, busy room', value: worstPage[1] ?? NaN, unit: 'ms', better: 'less' },
    ],
    goals: [
      {
        what: 'main thread in a busy room',
        wanted: `< ${wanted.busy} %`,
        found: `${busiest.toFixed(1)} %`,
        met: busiest < wanted.busy,
      },
      {
        what: 'every interaction on screen, both rooms (medians; the longest of all in brackets)',
        wanted: `≤ ${wanted.painted} ms`,
        found: `${Math.max(...worst)} ms (${Math.max(...worstEver)})`,
        met: Math.max(...worst) <= wanted.painted,
      },
    ],
  };
});

async function stayIn(
  url: string,
  of: { seconds: number; rounds: number; steps: (page: Page) => readonly Step[]; paging: boolean },
): Promise<Stayed> {
  await using browser = await openBrowser();
  const { page } = await browser.open('about:blank', { name: '49 tiles', width: 1920, height: 1080 });
  await page.addInitScript(watchInputs);
  await page.goto(url);
  const moving = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('video')].map((video) => video.getVideoPlaybackQuality().totalVideoFrames),
    );
  await waitFor(async () => (await moving()).length > 30 && (await moving()).every((count) => count > 10), {
    what: 'moving pictures',
    timeoutMs: 60_000,
  });
  const main = await mainThread(page);
  const chromium = await chromiumCpu(page);
  const [frames, before, drawn] = [await moving(), await main(), await chromium()];
  await new Promise((resolve) => setTimeout(resolve, 1000 * of.seconds));
  const [framesAfter, after, drawnAfter] = [await moving(), await main(), await chromium()];
  const passed = after.at - before.at;
  const part = (name: 'tasks' | 'cpu' | 'script' | 'layout') => (100 * (after[name] - before[name])) / passed;
  const shown = framesAfter.map((count, index) => ((count - (frames[index] ?? 0)) * 1000) / passed);
  const share: Share = {
    busy: part('tasks'),
    cpu: part('cpu'),
    script: part('script'),
    layout: part('layout'),
    drawing: (100 * (drawnAfter - drawn)) / passed,
    pictures: shown.reduce((sum, one) => sum + one, 0) / shown.length,
  };

  const found = new Map<string, Measured[]>();
  const walk = async (steps: readonly Step[]) => {
    for (const { what, act, shown: there } of steps) {
      await page.evaluate(() => globalThis.__watched.begin());
      const { cpu } = await main();
      await act();
      await there?.();
      const watched = await page.evaluate(() => globalThis.__watched.take());
      const measured = { ...watched, cpu: (await main()).cpu - cpu };
      found.set(what, [...(found.get(what) ?? []), measured]);
    }
  };
  for (let round = 0; round < of.rounds; round++) {
    await walk(of.steps(page));
    if (!of.paging) continue;
    await page.setViewportSize({ width: 600, height: 500 });
    await page.getByTestId('next-page').waitFor();
    await walk(pagingOf(page));
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.getByTestId('next-page').waitFor({ state: 'detached' });
    await page.getByTestId('invite').waitFor();
  }
  return { share, found };
}

function bareSteps(page: Page): Step[] {
  return Array.from({ length: 5 }, () => ({ what: 'press', act: () => pressAt(page, 'bare') }));
}

function median(watched: readonly Measured[], part: keyof Measured): number {
  return percentile(
    watched.map((one) => one[part]),
    0.5,
  );
}

function cell(watched: readonly Measured[] | undefined): string {
  if (watched === undefined) return '';
  const painted = median(watched, 'painted');
  // Event Timing tells of nothing shorter.
  return `${painted === 0 ? '< 16' : painted} ms (${median(watched, 'page').toFixed(0)}; ${median(watched, 'cpu').toFixed(0)})`;
}
