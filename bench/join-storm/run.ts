/**
 * So many clients join one room at once, each sending sound and picture (signalling only): until everyone was offered all
 * that it should get and the server lets it flow. v3 dialect: everything. Own dialect: twelve microphones at most, nine
 * pictures; once with all microphones open, once with all but the first ten muted, as big meetings begin.
 */
import { waitFor } from '@potluck/testkit';
import { joinV3, openV3 } from '@potluck/testkit/v3-client';
import { enterOwn } from './own-client.ts';
import { runBench } from '../kit/bench.ts';
import type { Figure, Goal } from '../kit/result.ts';
import { startProcess, type ServerProcess } from '../kit/server.ts';

const shown = 9;
/** `rooms.loudestSpeakers` */
const heard = 12;

type Crowd = (server: ServerProcess, size: number) => Promise<{ consumers: number }>;

const v3: Crowd = async (server, size) => {
  const wanted = size * (size - 1) * 2;
  const peers = await Promise.all(
    Array.from({ length: size }, async (_, n) => {
      const peer = await joinV3(await openV3(server.ws, { roomId: 'storm', peerId: `peer-${n}` }));
      await Promise.all([peer.produce('audio'), peer.produce('video')]);
      return peer;
    }),
  );
  // The server tells the score of a consumer when it lets it flow.
  const flowing = () =>
    peers.reduce(
      (sum, { client }) => sum + new Set(client.said('consumerScore').map(({ consumerId }) => consumerId)).size,
      0,
    );
  await waitFor(() => flowing() === wanted, {
    what: () => `${wanted} consumers that flow, ${flowing()} do`,
    timeoutMs: 120_000,
    everyMs: 50,
  });
  return { consumers: wanted };
};

const ownWith =
  (open: number): Crowd =>
  async (server, size) => {
    const places = Math.min(heard, size);
    // Whoever has a place does not hear herself.
    const wanted = size * (places + Math.min(shown, size - 1)) - places;
    const peers = await Promise.all(
      Array.from({ length: size }, (_, n) => enterOwn(server.ws, 'storm', `peer-${n}`, shown, n >= open)),
    );
    const flowing = () => peers.reduce((sum, peer) => sum + peer.flowing(), 0);
    const held = () => peers.reduce((sum, peer) => sum + peer.takeOffers(), 0);
    await waitFor(() => held() === wanted && flowing() === wanted, {
      what: () => `${wanted} consumers that flow, ${held()} are held, ${flowing()} flow`,
      timeoutMs: 120_000,
      everyMs: 20,
    });
    return { consumers: wanted };
  };

const crowds = { v3, own: ownWith(Infinity), 'own, 10 unmuted': ownWith(10) };

/** What the demo's own server takes for 100 clients, measured with the same worker on an idle machine with two cores. */
const demo = { seconds: 8, cpu: 8.7, memory: 728 };

await runBench({ name: 'join-storm', title: 'Many join at once' }, async ({ quick, args }) => {
  const sizes = args.length > 0 ? args.map(Number) : quick ? [25] : [25, 50, 100];
  if (sizes.some((size) => !Number.isInteger(size) || size < 2))
    throw new Error('sizes of the crowd: whole numbers from 2 on');
  const rows: Row[] = [];
  for (const size of sizes) for (const [name, crowd] of Object.entries(crowds)) rows.push(await run(name, crowd, size));
  const seconds = (value: number) => `${value.toFixed(2)} s`;
  const largest = sizes.at(-1) ?? 0;
  const of = (name: string) => rows.find((row) => row.name === name && row.size === largest);
  const [plain, own] = [of('v3'), of('own')];
  return {
    about: `Clients on the same machine join one room at once and offer sound and picture (signalling only), until everyone was offered all that it should get and the server lets it flow; the server is a process of its own with a worker a core. Memory is that of Node: most, before, and the difference, which is what the storm takes. A tenth of what the demo's server takes, which is wanted of our own dialect, is less than this Node takes with nobody there.`,
    table: {
      head: [
        'dialect',
        'clients',
        'consumers',
        'until all flow',
        'Node CPU',
        'worker CPU',
        'Node memory, peak',
        'before',
        'more',
      ],
      rows: rows.map((row) => [
        row.name,
        row.size,
        row.consumers,
        seconds(row.seconds),
        seconds(row.node),
        seconds(row.workers),
        `${row.peak} MiB`,
        `${row.idle} MiB`,
        `${row.peak - row.idle} MiB`,
      ]),
    },
    figures: [...(plain === undefined ? [] : figuresOf(plain)), ...(own === undefined ? [] : figuresOf(own))],
    goals:
      largest !== 100 || plain === undefined || own === undefined
        ? []
        : [...goalsOf(plain, 2, 3), ...goalsOf(own, 10, 10)],
  };
});

type Row = {
  name: string;
  size: number;
  consumers: number;
  seconds: number;
  node: number;
  workers: number;
  peak: number;
  idle: number;
};

async function run(name: string, crowd: Crowd, size: number): Promise<Row> {
  await using server = await startProcess(['--max-sockets-per-address', '1000']);
  const idle = server.memory();
  const before = server.cpu();
  const began = performance.now();
  const { consumers } = await crowd(server, size);
  const seconds = (performance.now() - began) / 1000;
  const after = server.cpu();
  const cpu = { node: after.node - before.node, workers: after.workers - before.workers };
  return { name, size, consumers, seconds, ...cpu, peak: server.peakMemory(), idle };
}

function figuresOf({ name, size, seconds, node, peak, idle }: Row): Figure[] {
  return [
    { name: `${name}, ${size} clients: until all flow`, value: seconds, unit: 's', better: 'less' },
    { name: `${name}, ${size} clients: Node CPU`, value: node, unit: 's', better: 'less' },
    { name: `${name}, ${size} clients: Node memory, peak`, value: peak, unit: 'MiB', better: 'less' },
    {
      name: `${name}, ${size} clients: Node memory, more than before`,
      value: peak - idle,
      unit: 'MiB',
      better: 'less',
    },
  ];
}

/** Against the demo's figures, which were measured on an idle machine: on a busy one the time says less than the CPU. */
function goalsOf({ name, size, seconds, node, peak }: Row, times: number, memory: number): Goal[] {
  const goal = (what: string, found: number, limit: number, unit: string): Goal => ({
    what: `${name}, ${size} clients: ${what}`,
    wanted: `at most ${limit.toFixed(limit < 10 ? 2 : 0)} ${unit}`,
    found: `${found.toFixed(found < 10 ? 2 : 0)} ${unit}`,
    met: found <= limit,
  });
  return [
    goal('time', seconds, demo.seconds / times, 's'),
    goal('Node CPU', node, demo.cpu / times, 's'),
    goal('Node memory', peak, demo.memory / memory, 'MiB'),
  ];
}
