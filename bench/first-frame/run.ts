/**
 * Time from the start of the signalling socket to the first decoded frame of somebody else, in real Chromium, near the server and far
 * from it: our way, the plain way of v3, and our app, in turns. `node bench/first-frame/run.ts [rounds] [--quick]`
 */
import { openBrowser, type TestBrowser, type TestPage } from '@potluck/testkit/browser';
import { percentile } from '../../packages/server/src/cli/percentile.ts';
import { freshWebApp } from '../../scripts/setup/web.mjs';
import { runBench } from '../kit/bench.ts';
import { startProcess } from '../kit/server.ts';
import { pageOf } from './bundle.ts';
import { openFar, type FarServer } from './far.ts';
import { goThrough, watchPhases } from './watch.ts';

/** The other way round: when who is in the room already has the newcomer's first frame. */
const seen = 'seen by the other';
/** Where the relay stands for who joins; the server itself is at 127.0.0.1. */
const relayAddress = '127.0.0.3';
const phases = [
  'socket open',
  'transports known',
  'entered',
  'consumers offered',
  'track there',
  'path up',
  'first frame',
] as const;
type Phase = (typeof phases)[number];
type Marks = Partial<Record<Phase | 'start' | typeof seen, number>>;
/** `ours` and `v3` are bare pages, alike but for how they join; `app` is what people use. */
const ways = ['ours', 'v3', 'app'] as const;
type Way = (typeof ways)[number];
const wanted = { roundTrips: 4.5, ofV3: 0.6 };

await runBench({ name: 'first-frame', title: 'First frame of somebody else' }, async ({ quick, args }) => {
  const rounds = Number(args[0] ?? (quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('how many rounds? A whole number from 1 on');
  const distances = quick ? [0, 150] : [0, 50, 150];
  await freshWebApp();
  await using server = await startProcess(['--workers', '1', '--media-listen-ip', '127.0.0.1']);
  await using browser = await openBrowser();
  const pages = { ours: await pageOf('own-page.ts'), v3: await pageOf('v3-page.ts') };
  const found = new Map<string, Marks[]>();
  for (const roundTripMs of distances) {
    const httpPort = Number(new URL(server.http).port);
    const far = await openFar({ httpPort, mediaPort: server.mediaPort, address: relayAddress, roundTripMs });
    try {
      for (let round = -1; round < rounds; round++) {
        for (const way of ways) {
          const marks = await join(browser, {
            far,
            near: server.http,
            way,
            room: `${way}-${roundTripMs}-${round}`,
            pages,
          });
          // One round to warm caches up is not counted.
          if (round >= 0) found.set(`${way} ${roundTripMs}`, [...(found.get(`${way} ${roundTripMs}`) ?? []), marks]);
          const all = ([...phases, seen] as const).map((phase) => `${phase} ${show(since(marks, phase))}`);
          process.stderr.write(`${way} at ${roundTripMs} ms, round ${round}: ${all.join(', ')}\n`);
        }
      }
    } finally {
      far.close();
    }
  }
  const median = (way: Way, distance: number, phase: Phase | typeof seen) =>
    percentile(
      (found.get(`${way} ${distance}`) ?? []).map((marks) => since(marks, phase)).filter((ms) => !Number.isNaN(ms)),
      0.5,
    );
  const first = (way: Way, distance: number) => median(way, distance, 'first frame');
  const farthest = distances.at(-1)!;
  const ratio = first('ours', farthest) / first('v3', farthest);
  const near = first('ours', 0) / first('v3', 0);
  const seenNear = median('app', 0, seen) / median('v3', 0, seen);
  const roundTrips = (way: Way) => (first(way, farthest) - first(way, 0)) / farthest;
  return {
    about: `Two Chromium pages and the real server on this machine; ${rounds} rounds in turns, medians in milliseconds from the start of the signalling socket. “ours” is a bare page with the SDK, “v3” a bare page that joins as mediasoup-demo does; both begin when they have loaded, open microphone and camera, send three layers, and draw nothing. “app” is the whole web app. The one who is looked at is near the server, the one who joins is behind a relay for TCP and UDP that holds everything back for half the round trip each way (and a new TCP connection for one more; this kernel has no netem). No TLS, which would add one round trip to both. Encoding, decoding and the browsers' own work, which fill both cores, are in it; what the distance adds is the difference to no distance. “${seen}”: until the one who was there already sees the first frame of the one who joins.`,
    table: {
      head: ['way', 'round trip', ...phases, 'round trips in the first frame', seen],
      rows: distances.flatMap((distance) =>
        ways.map((way) => [
          way,
          `${distance} ms`,
          ...phases.map((phase) => show(median(way, distance, phase))),
          distance === 0 ? '' : ((first(way, distance) - first(way, 0)) / distance).toFixed(1),
          show(median(way, distance, seen)),
        ]),
      ),
    },
    bars: {
      title: 'First frame of somebody else, ms (less is better)',
      groups: distances.map((distance) => ({
        label: `${distance} ms round trip`,
        bars: ways.map((way) => ({ name: way, value: first(way, distance) })),
      })),
    },
    figures: distances.flatMap((distance) =>
      (['ours', 'app'] as const).flatMap((way) => [
        { name: `${way} at ${distance} ms`, value: first(way, distance), unit: 'ms', better: 'less' as const },
        {
          name: `${way} at ${distance} ms, ${seen}`,
          value: median(way, distance, seen),
          unit: 'ms',
          better: 'less' as const,
        },
      ]),
    ),
    goals: [
      {
        what: `ours at ${farthest} ms, of the v3 way's time`,
        wanted: 'at most 60 %',
        found: `${Math.round(ratio * 100)} %`,
        met: ratio <= wanted.ofV3,
      },
      {
        what: "ours without distance, of the v3 way's time",
        wanted: 'at most 100 %',
        found: `${Math.round(near * 100)} %`,
        met: near <= 1,
      },
      {
        what: `app without distance, ${seen}, of the v3 way's time`,
        wanted: 'at most 100 %',
        found: `${Math.round(seenNear * 100)} %`,
        met: seenNear <= 1,
      },
      {
        what: `round trips in our first frame at ${farthest} ms`,
        wanted: `at most ${wanted.roundTrips}`,
        found: `${roundTrips('ours').toFixed(1)} (v3: ${roundTrips('v3').toFixed(1)})`,
        met: roundTrips('ours') <= wanted.roundTrips,
      },
    ],
  };
});

type Pages = { readonly [way in Exclude<Way, 'app'>]: string };

async function join(
  browser: TestBrowser,
  { far, near, way, room, pages }: { far: FarServer; near: string; way: Way; room: string; pages: Pages },
): Promise<Marks> {
  const ada = await browser.open('about:blank', { name: 'Ada' });
  await ada.page.addInitScript(watchPhases);
  await ada.page.goto(`${near}/?roomId=${room}&displayName=Ada`);
  await ada.page.getByRole('listitem', { name: 'Ada (you)' }).locator('video').waitFor();
  const bob = await browser.open('about:blank', { name: 'Bob' });
  try {
    await bob.page.addInitScript(watchPhases);
    await bob.page.addInitScript(goThrough, relayAddress);
    // The app's files are not part of it; the bare pages come from here.
    for (const [bare, body] of Object.entries(pages))
      await bob.page.route(`**/${bare}-way?*`, (route) => route.fulfill({ contentType: 'text/html', body }));
    const path = way === 'app' ? `/?roomId=${room}&displayName=Bob` : `/${way}-way?room=${room}&peer=bob`;
    await bob.page.goto(far.http + path);
    const [marks, others] = await Promise.all([marksOf(bob), marksOf(ada)]);
    return { ...marks, [seen]: others['first frame'] ?? NaN };
  } finally {
    await Promise.all([ada.close(), bob.close()]);
  }
}

/** Of a page that has seen somebody, in milliseconds on the clock that all pages share. */
async function marksOf({ page }: TestPage): Promise<Marks> {
  const handle = await page.waitForFunction(
    () => {
      const { __phases: marks } = globalThis as unknown as { __phases?: Marks };
      if (marks?.['first frame'] === undefined) return undefined;
      return Object.fromEntries(Object.entries(marks).map(([name, at]) => [name, performance.timeOrigin + at]));
    },
    undefined,
    { timeout: 30_000, polling: 100 },
  );
  return (await handle.jsonValue()) as Marks;
}

function since(marks: Marks, phase: Phase | typeof seen): number {
  return (marks[phase] ?? NaN) - (marks.start ?? NaN);
}

function show(ms: number): string {
  return Number.isNaN(ms) ? '–' : String(Math.round(ms));
}
