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
 * What is compared as measured comes so many times slower than in a real call: packets have their size and their proportions,
 * and one machine with two cores can be the server and take in what the server forwards to all. What a transport costs in any
 * case (reports, timers) is not slowed.
 */
const compared = 8;
/**
 * At full pace v3's way fits this machine only when all send and so many receive. A receiver's cost does not depend on the
 * others, so that of fifty follows.
 */
const receiving = 2;
/** Where the estimate of their path begins: with the usual one they would get all only after a minute or more. */
const wide = ['--initial-outgoing-bitrate', '60000000'];
/** Of the largest picture at the usual pace. The smaller ones are a third and a tenth. */
const kbits = 700;
const fullPaceRounds = 5;
/** So long one look at what arrives takes. */
const lookMs = 2_000;
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
type Place = { ws: string; http: string; people: number; receivers: number; slowMotion: number };
type Way = { name: string; enter(place: Place): Promise<Entered> };
type Case = { way: Way; slow: number; people: number; receivers: number; seconds: number };
type Run = Case & { found: Found };
/** Taken one after the other, so that a busy machine is busy for all of them. CPU in cores. */
type Round = { none: Run; some: Run; ours: Run; perReceiver: number; v3Cores: number; ratio: number };
type Entered = { streams: () => IncomingStream[][]; leave: () => Promise<unknown> };

const cores = ({ found, seconds }: Run): number => found.workerSeconds / seconds;
const bytesPerSecond = ({ found, seconds }: Run): number => found.octets / seconds;

const v3: Way = {
  name: 'v3 way: everything',
  async enter({ ws, people, receivers, slowMotion }) {
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
      peers.push(
        await joinV3Peer(
          { base: ws, roomId: 'bench', peerId: `v3-${index}`, receives: index < receivers },
          options,
          ticker,
        ),
      );
    }
    return {
      streams: () => peers.slice(0, receivers).map(({ streams }) => streams),
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
  const measured = async (way: Way, slow: number, receivers = people): Promise<Run> => {
    const of = { way, slow, people, receivers, seconds: quick ? 8 : slow === 1 ? 12 : 20 };
    return { ...of, found: await measure(of) };
  };
  const [plain, ours] = [await measured(v3, compared), await measured(own, compared)];
  const rounds: Round[] = [];
  for (let round = 0; round < (quick ? 1 : fullPaceRounds); round++) {
    const [none, some] = [await measured(v3, 1, 0), await measured(v3, 1, receiving)];
    rounds.push(roundOf(none, some, await measured(own, 1)));
  }
  rounds.sort((a, b) => a.ratio - b.ratio);
  const full = rounds[Math.floor(rounds.length / 2)];
  if (full === undefined) throw new Error('no round was measured');
  const bytes = bytesPerSecond(ours) / bytesPerSecond(plain);
  const cpuSlowed = cores(ours) / cores(plain);
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
  const mbits = (value: number) => `${((value * 8) / 1e6).toFixed(2)} Mbit/s`;
  const row = (run: Run) => {
    const { way, slow, receivers, seconds, found } = run;
    return [
      way.name,
      slow === 1 ? 'full' : `1/${slow}`,
      receivers,
      mbits(bytesPerSecond(run)),
      Math.round(found.packets / seconds),
      percent(cores(run)),
      percent(found.nodeSeconds / seconds),
      `${found.memory} MiB`,
      receivers === 0 ? '' : `${found.pictures} / ${found.sounds}`,
      receivers === 0 ? '' : percent(found.lost / (found.packets + found.lost)),
    ];
  };
  const goal = (what: string, value: number) => ({
    what,
    wanted: 'at most 10 %',
    found: percent(value),
    met: value <= 0.1,
  });
  return {
    about: `${people} people in one room on one worker, each sends three layers of VP8 and Opus (with DTX, ${speakers} talk) over ICE, DTLS and SRTP, ${kbits} kbit/s for the largest picture. Slowed, everything comes so many times later than in a real call, with its size and proportions. ${plain.seconds} s (${full.ours.seconds} at full pace) after all are in and everything that should flow does. Bytes are RTP with SRTP's tag. Pictures and sounds: streams that flow at one client, at least. Nothing is counted as forwarded that did not arrive. Ours is measured at full pace with all. v3's way would not fit this machine so: with all sending and nobody receiving its worker takes ${percent(cores(full.none))} of a core, each of ${full.some.receivers} who receive ${percent(full.perReceiver)} more (${mbits(bytesPerSecond(full.some) / full.some.receivers)} each; their estimate of the path begins at 60 Mbit/s), ${percent(full.v3Cores)} with ${people}${full.v3Cores > 1 ? ': more than one worker has' : ''}. The three that this takes were measured one after the other, ${rounds.length} times; the table has the round in the middle by ours against v3's: ${rounds.map(({ ratio }) => percent(ratio)).join(', ')}.`,
    table: {
      head: [
        '',
        'pace',
        'receive',
        'forwarded',
        'packets/s',
        'worker CPU',
        'Node CPU',
        'Node memory',
        'pictures / sounds a client',
        'not taken in',
      ],
      rows: [
        ...[plain, full.none, full.some].map(row),
        [v3.name, 'full', `${people}, worked out`, '', '', percent(full.v3Cores), '', '', '', ''],
        ...[ours, full.ours].map(row),
      ],
    },
    figures: [
      { name: 'bytes against v3', value: bytes, unit: '×', better: 'less' },
      { name: `worker CPU against v3, both at 1/${compared}`, value: cpuSlowed, unit: '×', better: 'less' },
      { name: 'worker CPU at full pace, of a core', value: cores(full.ours), unit: '×', better: 'less' },
    ],
    goals: [
      goal('bytes forwarded, of the v3 way', bytes),
      goal(`worker CPU, of the v3 way, both measured at 1/${compared}`, cpuSlowed),
      goal(`worker CPU at full pace, the round in the middle: ours measured, v3's worked out`, full.ratio),
      ...[ours, full.ours].flatMap(({ found: { pictures, sounds } }, index) => [
        {
          what: `pictures at each client, ${index === 0 ? `at 1/${compared}` : 'at full pace'}`,
          wanted: String(Math.min(tiles, people - 1)),
          found: String(pictures),
          met: pictures === Math.min(tiles, people - 1),
        },
        {
          what: `sounds at each client, ${index === 0 ? `at 1/${compared}` : 'at full pace'}`,
          wanted: `at least ${speakers - 1}`,
          found: String(sounds),
          met: sounds >= speakers - 1,
        },
      ]),
    ],
  };
});

/** What v3's way would take with everybody, and our way of it. */
function roundOf(none: Run, some: Run, ours: Run): Round {
  const perReceiver = (cores(some) - cores(none)) / some.receivers;
  const v3Cores = cores(none) + some.people * perReceiver;
  return { none, some, ours, perReceiver, v3Cores, ratio: cores(ours) / v3Cores };
}

/** Whoever is to receive everything does: an estimate that fell would make that way cheap. */
async function allArrives(streams: () => IncomingStream[][], people: number): Promise<void> {
  const wanted = (people - 1) * kbits * 0.9;
  const look = () => ({ at: performance.now(), octets: streams().map((of) => countsOf(of).octets) });
  let before = look();
  let least = 0;
  await waitFor(
    () => {
      const now = look();
      const rates = now.octets.map((octets, index) => ((octets - before.octets[index]!) * 8) / (now.at - before.at));
      least = Math.min(...rates);
      before = now;
      return least >= wanted;
    },
    {
      what: () => `each to receive at least ${wanted} kbit/s; somebody has ${Math.round(least)}`,
      timeoutMs: 120_000,
      everyMs: lookMs,
    },
  );
}

async function measure({ way, slow, people, receivers, seconds }: Case): Promise<Found> {
  const partly = receivers < people;
  const options = ['--max-sockets-per-address', '1000', '--workers', '1', ...(partly ? wide : [])];
  await using server = await startProcess(options);
  const { ws, http } = server;
  const { streams, leave } = await way.enter({ ws, http, people, receivers, slowMotion: slow });
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
  if (partly && receivers > 0) await allArrives(streams, people);
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
  process.stderr.write(`${way.name} at 1/${slow}, ${receivers} receive: ${JSON.stringify(found)}\n`);
  await leave();
  return found;
}
