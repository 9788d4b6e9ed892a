/**
 * A room of fifty: what the server forwards and what that costs, when everybody receives everything (the plain way of v3) and when
 * everybody shows nine tiles. `node bench/fifty-room/run.ts [--quick]`
 */
import { waitFor } from '@potluck/testkit';
import { inTurns } from '../../packages/server/src/cli/load/crowd.ts';
import { makeCertificate } from '../../packages/server/src/cli/load/rtc/dtls/certificate.ts';
import type { IncomingStream } from '../../packages/server/src/cli/load/rtp/incoming.ts';
import { Ticker } from '../../packages/server/src/cli/load/ticker.ts';
import { runBench } from '../kit/bench.ts';
import { countsOf, crowdOf, enterAll, flowing, pause } from '../kit/crowd.ts';
import { startProcess } from '../kit/server.ts';
import { joinV3Peer, type V3Peer } from '../kit/v3-peer.ts';

const tiles = 9;
/**
 * How many times slower than in a real call everything comes: packets have their size and their proportions, and one machine
 * with two cores can be the server and take in what the server forwards. What a transport costs in any case (reports, timers)
 * is not slowed, so the cost is a + b / slowness: from several of them follows what v3's way would take at full pace.
 */
const slowness = { v3: [16, 11, 8], own: [8, 1], compared: 8 };
/** Of the largest picture at the usual pace. The smaller ones are a third and a tenth. */
const kbits = 700;
const usual = { fps: 25, audioPacketMs: 20 };
const speakers = 2;

type Found = {
  octets: number;
  packets: number;
  lost: number;
  workerSeconds: number;
  nodeSeconds: number;
  memory: number;
  pictures: number;
  sounds: number;
};
type Place = { ws: string; http: string; people: number; slowMotion: number };
type Way = { name: string; enter(place: Place): Promise<Entered> };
type Run = { way: Way; slow: number; found: Found };
type Entered = { streams: () => IncomingStream[][]; leave: () => Promise<unknown> };

const v3: Way = {
  name: 'v3 way: everything',
  async enter({ ws, people, slowMotion }) {
    const ticker = new Ticker();
    const certificate = await makeCertificate();
    const peers: V3Peer[] = [];
    for (let index = 0; index < people; index++) {
      const talks = inTurns({ index, senders: people, speakers, slowMotion });
      const options = {
        certificate,
        fps: usual.fps / slowMotion,
        audioPacketMs: usual.audioPacketMs * slowMotion,
        bitrateOf: (asked: number) => (asked * kbits) / 1_400 / slowMotion,
        talks,
        openEvery: 32,
      };
      peers.push(await joinV3Peer(ws, 'bench', `v3-${index}`, options, ticker));
    }
    return {
      streams: () => peers.map(({ streams }) => streams),
      leave: () => Promise.all(peers.map((peer) => peer.leave())),
    };
  },
};

const own: Way = {
  name: `ours: ${tiles} tiles`,
  async enter({ http, people, slowMotion }) {
    const who = ['--people', String(people), '--tiles', String(tiles), '--speakers', String(speakers)];
    const crowd = crowdOf(http, ...who, '--bitrate', String(kbits));
    crowd.slowMotion = slowMotion;
    await enterAll(crowd);
    return { streams: () => crowd.clients.map(({ streams }) => streams), leave: () => crowd.close() };
  },
};

await runBench({ name: 'fifty-room', title: 'A room of fifty people' }, async ({ quick }) => {
  const people = quick ? 12 : 50;
  const seconds = quick ? 8 : 20;
  const runs: Run[] = [];
  for (const slow of quick ? slowness.v3.slice(0, 2) : slowness.v3) runs.push(await measure(v3, slow, people, seconds));
  for (const slow of slowness.own) runs.push(await measure(own, slow, people, seconds));
  const found = (way: Way, slow: number) => runs.find((run) => run.way === way && run.slow === slow)!.found;
  const plain = found(v3, slowness.compared);
  const ours = found(own, slowness.compared);
  const fullPace = found(own, 1);
  const bytes = ours.octets / plain.octets;
  const cpuSlowed = ours.workerSeconds / plain.workerSeconds;
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
  const line = fitted(
    runs.filter(({ way }) => way === v3).map((run) => [1 / run.slow, run.found.workerSeconds / seconds]),
  );
  const v3AtFullPace = line.fixed + line.perPace;
  const cpu = fullPace.workerSeconds / seconds / v3AtFullPace;
  const row = ({ way, slow, found }: Run) => [
    way.name,
    slow === 1 ? 'full' : `1/${slow}`,
    `${((found.octets * 8) / seconds / 1e6).toFixed(2)} Mbit/s`,
    Math.round(found.packets / seconds),
    percent(found.workerSeconds / seconds),
    percent(found.nodeSeconds / seconds),
    `${found.memory} MiB`,
    `${found.pictures} / ${found.sounds}`,
    `${((found.lost / (found.packets + found.lost)) * 100).toFixed(2)} %`,
  ];
  const goal = (what: string, value: number) => ({
    what,
    wanted: 'at most 10 %',
    found: percent(value),
    met: value <= 0.1,
  });
  return {
    about: `${people} people in one room on one worker, each sends three layers of VP8 and Opus (with DTX, ${speakers} talk) over ICE, DTLS and SRTP, ${kbits} kbit/s for the largest picture. Slowed, everything comes so many times later than in a real call, with its size and proportions. ${seconds} s after all are in and everything that should flow does. Bytes are RTP with SRTP's tag. Pictures and sounds: streams that flow at one client, at least. Nothing is counted as forwarded that did not arrive. Ours is measured at full pace. v3's way is not: it would not fit this machine. Worked out from the measured paces, its worker takes ${percent(line.fixed)} of a core in any case and ${percent(line.perPace)} at full pace beside (least squares; the farthest point is ${percent(line.farthest)} off), ${percent(v3AtFullPace)} in all: more than one worker has, and a busy worker does more for each wake-up, so take it for an order.`,
    table: {
      head: [
        '',
        'pace',
        'forwarded',
        'packets/s',
        'worker CPU',
        'Node CPU',
        'Node memory',
        'pictures / sounds a client',
        'not taken in',
      ],
      rows: [
        ...runs.filter(({ way }) => way === v3).map(row),
        [v3.name, 'full, worked out', '', '', percent(v3AtFullPace), '', '', '', ''],
        ...runs.filter(({ way }) => way === own).map(row),
      ],
    },
    figures: [
      { name: 'bytes against v3', value: bytes, unit: '×', better: 'less' },
      { name: `worker CPU against v3, both at 1/${slowness.compared}`, value: cpuSlowed, unit: '×', better: 'less' },
      {
        name: 'worker CPU at full pace, of a core',
        value: fullPace.workerSeconds / seconds,
        unit: '×',
        better: 'less',
      },
    ],
    goals: [
      goal('bytes forwarded, of the v3 way', bytes),
      goal(`worker CPU, of the v3 way, both measured at 1/${slowness.compared}`, cpuSlowed),
      goal("worker CPU at full pace: ours measured, v3's worked out", cpu),
      ...[ours, fullPace].flatMap(({ pictures, sounds }, index) => [
        {
          what: `pictures at each client, ${index === 0 ? `at 1/${slowness.compared}` : 'at full pace'}`,
          wanted: String(Math.min(tiles, people - 1)),
          found: String(pictures),
          met: pictures === Math.min(tiles, people - 1),
        },
        {
          what: `sounds at each client, ${index === 0 ? `at 1/${slowness.compared}` : 'at full pace'}`,
          wanted: `at least ${speakers - 1}`,
          found: String(sounds),
          met: sounds >= speakers - 1,
        },
      ]),
    ],
  };
});

/** The straight line through the points that is nearest to them, and how far the farthest of them is off. */
function fitted(points: readonly (readonly [x: number, y: number])[]) {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const perPace = mean(([x, y]) => (x - meanX) * (y - meanY)) / mean(([x]) => (x - meanX) ** 2);
  const fixed = meanY - perPace * meanX;
  const farthest = Math.max(...points.map(([x, y]) => Math.abs(y - fixed - perPace * x)));
  return { fixed, perPace, farthest };
}

async function measure(way: Way, slow: number, people: number, seconds: number): Promise<Run> {
  await using server = await startProcess(['--max-sockets-per-address', '1000', '--workers', '1']);
  const { streams, leave } = await way.enter({ ws: server.ws, http: server.http, people, slowMotion: slow });
  const pictures = way === v3 ? people - 1 : Math.min(tiles, people - 1);
  const recentMs = (1000 / (usual.fps / slow)) * 6;
  const least = (kind: 'audio' | 'video') => Math.min(...streams().map((of) => flowing(of, kind, recentMs)));
  await waitFor(() => least('video') >= pictures, {
    what: () =>
      `${pictures} pictures at each client; there are ${streams()
        .map((of) => flowing(of, 'video', recentMs))
        .join(' ')}`,
    timeoutMs: 120_000,
    everyMs: 250,
  });
  // The estimate of the downlink rises for some time: what a call costs is what it costs then.
  await pause(15_000);
  const before = { counts: countsOf(streams().flat()), cpu: server.cpu() };
  await pause(seconds * 1000);
  const [counts, cpu] = [countsOf(streams().flat()), server.cpu()];
  if (counts.forged > 0) throw new Error(`${counts.forged} packets were not authentic`);
  const found = {
    octets: counts.octets - before.counts.octets,
    packets: counts.packets - before.counts.packets,
    lost: counts.lost - before.counts.lost,
    workerSeconds: cpu.workers - before.cpu.workers,
    nodeSeconds: cpu.node - before.cpu.node,
    memory: server.memory(),
    pictures: least('video'),
    sounds: least('audio'),
  };
  process.stderr.write(`${way.name} at 1/${slow}: ${JSON.stringify(found)}\n`);
  await leave();
  return { way, slow, found };
}
