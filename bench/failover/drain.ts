/**
 * What a drain costs those who are in a call: `node bench/failover/drain.ts [--packets] [peers] [drains] [pictures each]
 * [voices]`. All peers are on one worker of two; it is drained, they go to the other one, and so on to and fro. Four are
 * bots of libwebrtc and the SDK, each in a process of its own, and what they get of each other is measured. The others are
 * there to be moved, too: load clients (docs/load.md), which encode and decode nothing, because people have machines of
 * their own and here all share one. With `--packets` all are load clients, and all are measured: what of the track that the
 * SDK shows could be played when it came, without decoders, their buffers, and the time for which libwebrtc for Node stops
 * JavaScript while it works out SDP. For every direction (who hears whom, who sees whom) the longest gap is taken, from
 * arrival to arrival: the usual time between pieces of sound (10 ms at bots, 20 ms at load clients) and 40 ms between
 * pictures are in it. Time in which nothing is done is measured in the same way beside it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Crew } from '../../packages/server/src/cli/chaos/crew.ts';
import { percentile } from '../../packages/server/src/cli/percentile.ts';
import { now } from '../../packages/server/src/cli/chaos/now.ts';
import { openTrialServer } from '../../packages/server/src/cli/chaos/server.ts';
import { pause } from '../kit/crowd.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { packets: { type: 'boolean', default: false } },
});
const [peers = 20, drains = 10, pictures = 4, voices = 3] = positionals.map(Number);
const load = () => loadavg()[0]?.toFixed(1);
const idle = load();
const roomId = 'drain';
const bots = values.packets ? 0 : Math.min(4, peers);
/** Load clients share a few processes: in one, some would wait for others. */
const processes = values.packets ? 4 : 1;

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
  if (values.packets) await Promise.all(crowds.map((crowd) => since(crowd, from)));
  await Promise.all(crew.bots.map((bot) => bot.order('trim', from - 1000)));
  await act();
  const to = now();
  if (values.packets) {
    const found = await Promise.all(crowds.map((crowd) => since(crowd, from)));
    const gaps = found.flatMap((one) => one.gaps);
    const of = (source: string) => gaps.filter(({ key }) => key.endsWith(source)).map(({ gap }) => gap);
    return { sound: of(' microphone'), picture: of(' camera'), stalled: Math.max(...found.map(({ late }) => late)) };
  }
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

type Since = { readonly gaps: readonly { key: string; gap: number }[]; readonly late: number };

async function since(crowd: ChildProcess, from: number): Promise<Since> {
  crowd.send(from);
  const [answer] = (await once(crowd, 'message', { signal: AbortSignal.timeout(10_000) })) as [Since];
  return answer;
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
const crowds = Array.from({ length: peers > bots ? processes : 0 }, (_, index) => {
  const [all, talk] = [peers - bots, values.packets ? voices : 0].map(
    (total) => Math.floor((total * (index + 1)) / processes) - Math.floor((total * index) / processes),
  );
  const counts = [talk ?? 0, (all ?? 0) - (talk ?? 0), pictures].map(String);
  return fork(join(import.meta.dirname, 'others.ts'), [`http://localhost:${server.port}`, roomId, ...counts]);
});
await Promise.all(crowds.map((crowd) => once(crowd, 'message', { signal: AbortSignal.timeout(60_000) })));
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
      `a measuring process did nothing for ${Math.round(gaps.stalled)} ms; load ${load()}`,
  );
}
for (const crowd of crowds) crowd.disconnect();
await Promise.all(crowds.map((crowd) => once(crowd, 'exit')));
await crew.close();
await server.close();

const row = (values: number[]) => ({
  p50: Math.round(percentile(values, 0.5)),
  p95: Math.round(percentile(values, 0.95)),
  max: Math.round(percentile(values, 1)),
  directions: values.length,
});
console.log(
  `${peers} peers (${values.packets ? 'all measured by packets' : `${bots} measured`}), ${drains} drains, 2 workers; load average ${idle} before, ${load()} after; milliseconds`,
);
console.table({
  'sound, nothing done': row(between.quiet.flatMap(({ sound }) => sound)),
  'sound, drain': row(between.drain.flatMap(({ sound }) => sound)),
  'picture, nothing done': row(between.quiet.flatMap(({ picture }) => picture)),
  'picture, drain': row(between.drain.flatMap(({ picture }) => picture)),
});
process.exit(0);
