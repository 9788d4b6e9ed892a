/** A large file from page to page through the app's own chat. `node bench/file-transfer/run.ts [megabytes] [--quick]` */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, type TestPage } from '@potluck/testkit/browser';
import { freshWebApp } from '../../scripts/setup/web.mjs';
import { runBench } from '../kit/bench.ts';
import { startProcess } from '../kit/server.ts';
import { mainThread } from '../kit/main-thread.ts';

const wanted = { megabytesPerSecond: 2, longestTaskMs: 100 };

declare global {
  var __longTasks: number[];
}

await runBench({ name: 'file-transfer', title: 'A file from browser to browser' }, async ({ quick, args }) => {
  const megabytes = Number(args[0] ?? (quick ? 10 : 100));
  if (!Number.isInteger(megabytes) || megabytes < 1) throw new Error('how many megabytes? A whole number from 1 on');
  await freshWebApp();
  const folder = await mkdtemp(join(tmpdir(), 'potluck-file-'));
  try {
    const path = join(folder, 'film.bin');
    await writeFile(path, Buffer.alloc(megabytes * 1_000_000, 'potluck'));
    const alone = await transfer(path, megabytes, false);
    const inCall = await transfer(path, megabytes, true);
    const row = (what: string, of: Transferred) => [
      what,
      `${of.rate.toFixed(1)} MB/s`,
      shareOf(of.sender),
      `${of.sender.longest.toFixed(0)} ms`,
      shareOf(of.receiver),
      `${of.receiver.longest.toFixed(0)} ms`,
    ];
    const longest = Math.max(...[alone, inCall].flatMap(({ sender, receiver }) => [sender.longest, receiver.longest]));
    return {
      about: `${megabytes} MB on loopback between two Chromium pages on the same machine, by the chat of the app: from the press on "get" to "complete, checked" (SHA-256). The main thread's share and its longest task while it goes, in both pages; in brackets what it used of a processor: the rest of a task is waiting for one of the two, which encoders, networks and drawing fill.`,
      table: {
        head: ['', 'throughput', 'sender busy', 'longest task', 'receiver busy', 'longest task'],
        rows: [row('nobody sends picture or sound', alone), row('in a call with pictures and sound', inCall)],
      },
      figures: [
        { name: 'file, no media beside', value: alone.rate, unit: 'MB/s', better: 'more' },
        { name: 'file, in a call', value: inCall.rate, unit: 'MB/s', better: 'more' },
      ],
      goals: [
        {
          what: 'a file in a call',
          wanted: `≥ ${wanted.megabytesPerSecond} MB/s`,
          found: `${inCall.rate.toFixed(1)} MB/s`,
          met: inCall.rate >= wanted.megabytesPerSecond,
        },
        {
          what: 'longest task of a page meanwhile',
          wanted: `≤ ${wanted.longestTaskMs} ms`,
          found: `${longest.toFixed(0)} ms`,
          met: longest <= wanted.longestTaskMs,
        },
      ],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
});

type Busy = { readonly busy: number; readonly cpu: number; readonly longest: number };
type Transferred = { readonly rate: number; readonly sender: Busy; readonly receiver: Busy };

async function transfer(path: string, megabytes: number, media: boolean): Promise<Transferred> {
  await using server = await startProcess(['--workers', '1', '--media-listen-ip', '127.0.0.1']);
  await using browser = await openBrowser();
  const enter = async (name: string): Promise<TestPage> => {
    const test = await browser.open('about:blank', { name });
    await test.page.addInitScript(() => {
      globalThis.__longTasks = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.__longTasks.push(duration);
      }).observe({ type: 'longtask' });
    });
    await test.page.goto(`${server.http}/?roomId=file&displayName=${name}`);
    await test.page.getByTestId('bar').waitFor();
    if (!media) for (const id of ['microphone', 'camera']) await test.page.getByTestId(id).click();
    await test.page.getByTestId('chat').click();
    return test;
  };
  const [sender, receiver] = [await enter('Ada'), await enter('Bob')];
  await sender.page.getByTestId('attach-input').setInputFiles(path);
  const get = receiver.page.getByTestId('file-get');
  await get.waitFor();
  const watching = await Promise.all([sender, receiver].map(watch));
  const begun = performance.now();
  await get.click();
  const over = receiver.page.locator('[data-testid="file-card"]:is([data-state="done"], [data-state="failed"])');
  await over.waitFor({ timeout: 180_000 });
  const seconds = (performance.now() - begun) / 1000;
  if ((await over.getAttribute('data-state')) === 'failed')
    throw new Error(`the file did not arrive: ${await over.innerText()}`);
  const [ofSender, ofReceiver] = await Promise.all(watching.map((done) => done()));
  if (ofSender === undefined || ofReceiver === undefined) throw new Error('nobody was watched');
  return { rate: megabytes / seconds, sender: ofSender, receiver: ofReceiver };
}

async function watch({ page }: TestPage): Promise<() => Promise<Busy>> {
  const main = await mainThread(page);
  await page.evaluate(() => globalThis.__longTasks.splice(0));
  const before = await main();
  return async () => {
    const after = await main();
    const longest = await page.evaluate(() => Math.max(0, ...globalThis.__longTasks));
    const share = (of: 'tasks' | 'cpu') => (100 * (after[of] - before[of])) / (after.at - before.at);
    return { busy: share('tasks'), cpu: share('cpu'), longest };
  };
}

function shareOf({ busy, cpu }: Busy): string {
  return `${busy.toFixed(0)} % (${cpu.toFixed(0)})`;
}
