/**
 * What a drain costs those who are in a call: `node bench/failover/drain.ts [peers] [drains] [pictures each] [voices]`.
 * All peers are on one worker of two; it is drained, they go to the other one, and so on to and fro. Four are bots of
 * libwebrtc and the SDK, each in a process of its own, and what they get of each other is measured. The others are there to
 * be moved, too: load clients (docs/load.md), which encode and decode nothing, because people have machines of their own
 * and here all share one. For every measured direction (who hears whom, who sees whom) the longest gap is taken, from
 * arrival to arrival: the usual 10 ms between pieces of sound and 40 ms between pictures are in it. Time in which nothing
 * is done is measured in the same way beside it.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { Crew } from '../../packages/server/src/cli/chaos/crew.ts';
import { percentile } from '../../packages/server/src/cli/chaos/gaps.ts';
import { now } from '../../packages/server/src/cli/chaos/now.ts';
import { openTrialServer } from '../../packages/server/src/cli/chaos/server.ts';
import { pause } from '../kit/crowd.ts';

const [peers = 20, drains = 10, pictures = 4, voices = 3] = process.argv.slice(2).map(Number);
const load = () => loadavg()[0]?.toFixed(1);
const idle = load();
const roomId = 'drain';
const bots = Math.min(4, peers);

const server = await openTrialServer({ workers: 2, standby: true, loudestSpeakers: voices });
const crew = new Crew({
  bots,
  alone: bots,
  placeOf: (index) => ({ port: server.port, roomId, tiles: pictures, sounds: index < voices }),
  onCrash: (names, crash) => console.error(`the process of ${names.join(', ')} ended`, crash),
});

type Window = { readonly sound: number[]; readonly picture: number[]; readonly stalled: number };
const between = { quiet: [] as Window[], drain: [] as Window[] };

/** The longest gap of each direction in which something flowed before, while `act` was done. */
async function watch(act: () => Promise<unknown>): Promise<Window> {
  const looks = await crew.looks();
  const from = now();
  await Promise.all(crew.bots.map((bot) => bot.order('trim', from - 1000)));
  await act();
  const to = now();
  const found = await Promise.all(crew.bots.map((bot) => bot.order('gaps', from, to)));
  const theirs = (key: string) => crew.bots.some(({ name }) => key.startsWith(`${name} `));
  const flowing = found.flatMap(({ gaps }, index) =>
    Object.entries(gaps).filter(([key]) => theirs(key) && (looks[index]?.last[key] ?? 0) > from - 1000),
  );
  const of = (source: string) => flowing.filter(([key]) => key.endsWith(source)).map(([, gap]) => gap);
  return {
    sound: of(' microphone'),
    picture: of(' camera'),
    stalled: Math.max(...found.map(({ stalled }) => stalled)),
  };
}

/** Everyone has a connected standby, and nothing is left of the move before. */
async function settled(): Promise<void> {
  const room = [...server.app.registry.rooms.values()].find(({ id }) => id === roomId);
  const ready = () =>
    [...(room?.members.values() ?? [])].every(
      ({ transports }) =>
        transports.size === 4 &&
        [...transports.values()].filter((held) => held.role === 'standby' && held.connected).length === 2,
    );
  for (const until = now() + 30_000; !ready() && now() < until;) await pause(100);
  await pause(2000);
}

const busiest = () => server.app.fabric.workers().toSorted((a, b) => b.consumers - a.consumers)[0];

await crew.join();
const crowd =
  peers > bots
    ? fork(join(import.meta.dirname, 'others.ts'), [
        `http://localhost:${server.port}`,
        roomId,
        `${peers - bots}`,
        `${pictures}`,
      ])
    : undefined;
if (crowd !== undefined) await once(crowd, 'message', { signal: AbortSignal.timeout(60_000) });
for (let drain = 1; drain <= drains; drain++) {
  await settled();
  between.quiet.push(await watch(() => pause(3000)));
  const { index = 0, transports, consumers } = busiest() ?? {};
  let took = 0;
  const gaps = await watch(async () => {
    const from = now();
    const { moved, ended } = await server.app.fabric.drainWorker(index);
    took = now() - from;
    await pause(300);
    if (ended > 0) console.error(`${ended} transports did not move (${moved} did)`);
  });
  between.drain.push(gaps);
  server.app.fabric.undrainWorker(index);
  const most = (values: number[]) => Math.round(Math.max(0, ...values));
  console.error(
    `${drain}. worker ${index}, ${transports} transports and ${consumers} consumers, empty after ${Math.round(took)} ms: ` +
      `sound ${most(gaps.sound)}, picture ${most(gaps.picture)} ms; ` +
      `a process of bots did nothing for ${Math.round(gaps.stalled)} ms; load ${load()}`,
  );
}
if (crowd !== undefined) {
  crowd.disconnect();
  await once(crowd, 'exit');
}
await crew.close();
await server.close();

const row = (values: number[]) => ({
  p50: Math.round(percentile(values, 0.5)),
  p95: Math.round(percentile(values, 0.95)),
  max: Math.round(percentile(values, 1)),
  directions: values.length,
});
console.log(
  `${peers} peers (${bots} measured), ${drains} drains, 2 workers; load average ${idle} before, ${load()} after; milliseconds`,
);
console.table({
  'sound, nothing done': row(between.quiet.flatMap(({ sound }) => sound)),
  'sound, drain': row(between.drain.flatMap(({ sound }) => sound)),
  'picture, nothing done': row(between.quiet.flatMap(({ picture }) => picture)),
  'picture, drain': row(between.drain.flatMap(({ picture }) => picture)),
});
process.exit(0);
