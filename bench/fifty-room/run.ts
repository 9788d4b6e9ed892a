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
 * Everything comes so many times slower than in a real call: packets have their size and their proportions, and one machine
 * with two cores can be the server and take in what the server forwards.
 */
const slowMotion = 8;
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
type Way = { name: string; enter(url: { ws: string; http: string }, people: number): Promise<Entered> };
type Entered = { streams: () => IncomingStream[][]; leave: () => Promise<unknown> };

const slow = { fps: usual.fps / slowMotion, audioPacketMs: usual.audioPacketMs * slowMotion };

const v3: Way = {
  name: 'v3 way: everything',
  async enter({ ws }, people) {
    const ticker = new Ticker();
    const certificate = await makeCertificate();
    const peers: V3Peer[] = [];
    for (let index = 0; index < people; index++) {
      const talks = inTurns({ index, senders: people, speakers, slowMotion });
      const options = {
        certificate,
        ...slow,
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
  async enter({ http }, people) {
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
  const found = new Map<Way, Found>();
  for (const way of [v3, own]) found.set(way, await measure(way, people, seconds));
  const [plain, ours] = [found.get(v3)!, found.get(own)!];
  const ratio = (of: (one: Found) => number) => of(ours) / of(plain);
  const bytes = ratio(({ octets }) => octets);
  const cpu = ratio(({ workerSeconds }) => workerSeconds);
  const row = (
    name: string,
    { octets, packets, lost, workerSeconds, nodeSeconds, memory, pictures, sounds }: Found,
  ) => [
    name,
    `${((octets * 8) / seconds / 1e6).toFixed(2)} Mbit/s`,
    Math.round(packets / seconds),
    `${((workerSeconds / seconds) * 100).toFixed(1)} %`,
    `${((nodeSeconds / seconds) * 100).toFixed(1)} %`,
    `${memory} MiB`,
    `${pictures} / ${sounds}`,
    `${((lost / (packets + lost)) * 100).toFixed(2)} %`,
  ];
  return {
    about: `${people} people in one room on one worker, each sends three layers of VP8 and Opus (with DTX, ${speakers} talk) over ICE, DTLS and SRTP, ${slowMotion} times slower than a real call with ${kbits} kbit/s for the largest picture: packets have their size and proportions. ${seconds} s after all are in and everything that should flow does. Bytes are RTP with SRTP's tag. Pictures and sounds: streams that flow at one client, at least. Nothing is counted as forwarded that did not arrive.`,
    table: {
      head: [
        '',
        'forwarded',
        'packets/s',
        'worker CPU',
        'Node CPU',
        'Node memory',
        'pictures / sounds a client',
        'not taken in',
      ],
      rows: [row(v3.name, plain), row(own.name, ours)],
    },
    figures: [
      { name: 'bytes against v3', value: bytes, unit: '×', better: 'less' },
      { name: 'worker CPU against v3', value: cpu, unit: '×', better: 'less' },
    ],
    goals: [
      {
        what: 'bytes forwarded, of the v3 way',
        wanted: 'at most 10 %',
        found: `${(bytes * 100).toFixed(1)} %`,
        met: bytes <= 0.1,
      },
      {
        what: 'worker CPU, of the v3 way',
        wanted: 'at most 10 %',
        found: `${(cpu * 100).toFixed(1)} %`,
        met: cpu <= 0.1,
      },
      {
        what: 'pictures at each client',
        wanted: String(Math.min(tiles, people - 1)),
        found: String(ours.pictures),
        met: ours.pictures === Math.min(tiles, people - 1),
      },
      {
        what: 'sounds at each client',
        wanted: `at least ${speakers - 1}`,
        found: String(ours.sounds),
        met: ours.sounds >= speakers - 1,
      },
    ],
  };
});

async function measure(way: Way, people: number, seconds: number): Promise<Found> {
  await using server = await startProcess(['--max-sockets-per-address', '1000', '--workers', '1']);
  const { streams, leave } = await way.enter(server, people);
  const pictures = way === v3 ? people - 1 : Math.min(tiles, people - 1);
  const recentMs = (1000 / slow.fps) * 6;
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
  process.stderr.write(`${way.name}: ${JSON.stringify(found)}\n`);
  await leave();
  return found;
}
