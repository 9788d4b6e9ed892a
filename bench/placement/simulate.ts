import { choosePlacement, type WorkerLoad } from '../../packages/server/src/media/mediasoup/placement.ts';

/**
 * One room on many workers, without workers: every peer of it is placed by the real decision, and the load that its
 * media would be is added up. In a meeting everyone sends sound and a picture, shows the eight on the stage and the eight
 * who came next, and hears the three who speak; in a talk everyone sees and hears the first.
 */
export type Shape = 'meeting' | 'talk';

export type Placed = {
  readonly peers: number;
  readonly workers: number;
  /** Workers that the room is on. */
  readonly used: number;
  /** Pairs of routers with a pipe between them: each takes two ports. */
  readonly pipes: number;
  /** Producers that are carried to another router, each once a router. */
  readonly piped: number;
  /** Packets a second out of the busiest worker, and its part of a core. */
  readonly peakPackets: number;
  readonly peakCpu: number;
  /** The busiest over the mean of those used. */
  readonly spread: number;
};

/** Packets a second of one track. */
const rate = { audio: 50, video: 90 };
const stages = { meeting: { shown: 8, heard: 3, besides: 8 }, talk: { shown: 1, heard: 1, besides: 0 } } as const;
/** What one core forwards: measured with one sender and many receivers (docs/performance.md), rounded down. */
const packetsPerCore = 120_000;
/** How many join between two measurements of the workers: a crowd is faster than the load that it brings. */
const joinsPerMeasurement = 10;

export function simulate(peers: number, workers: number, shape: Shape = 'meeting'): Placed {
  const stage = stages[shape];
  const at: number[] = [];
  const room = new Map<number, number>();
  let measured = Array.from({ length: workers }, () => 0);
  for (let peer = 0; peer < peers; peer++) {
    if (peer % joinsPerMeasurement === 0)
      measured = packetsOf(at, workers, stage).out.map((packets) => packets / packetsPerCore);
    const loads: WorkerLoad[] = measured.map((cpu, index) => {
      const transports = room.get(index) ?? 0;
      return { index, cpu: Math.min(1, cpu), transports, consumers: transports * 10 };
    });
    const shares = Array.from(room, ([worker, transports]) => ({ worker, transports }));
    const worker = choosePlacement({ workers: loads, room: shares }) ?? 0;
    at.push(worker);
    // The receiving transport goes where the sending one is, if there is one.
    room.set(worker, (room.get(worker) ?? 0) + (shape === 'talk' ? 1 : 2));
  }
  const { out, pairs, piped } = packetsOf(at, workers, stage);
  const busy = out.filter((packets) => packets > 0);
  const peakPackets = Math.max(...out);
  const mean = busy.reduce((sum, packets) => sum + packets, 0) / busy.length;
  return {
    peers,
    workers,
    used: room.size,
    pipes: pairs,
    piped,
    peakPackets: Math.round(peakPackets),
    peakCpu: peakPackets / packetsPerCore,
    spread: peakPackets / mean,
  };
}

/** What goes out of every worker, to receivers and through pipes. */
function packetsOf(at: readonly number[], workers: number, stage: (typeof stages)[Shape]) {
  const out = Array.from({ length: workers }, () => 0);
  const piped = new Set<string>();
  const pairs = new Set<string>();
  const receive = (sender: number, receiver: number, kind: 'audio' | 'video') => {
    const [from = 0, to = 0] = [at[sender], at[receiver]];
    out[to] = (out[to] ?? 0) + rate[kind];
    if (from === to) return;
    pairs.add(from < to ? `${from}-${to}` : `${to}-${from}`);
    const copy = `${kind} ${sender} ${to}`;
    if (piped.has(copy)) return;
    piped.add(copy);
    out[from] = (out[from] ?? 0) + rate[kind];
  };
  const all = at.length;
  for (let receiver = 0; receiver < all; receiver++) {
    const shown = new Set<number>();
    for (let one = 0; one < Math.min(stage.shown, all); one++) shown.add(one);
    for (let one = 1; one <= Math.min(stage.besides, all - 1); one++) shown.add((receiver + one) % all);
    for (const sender of shown) if (sender !== receiver) receive(sender, receiver, 'video');
    for (let sender = 0; sender < Math.min(stage.heard, all); sender++)
      if (sender !== receiver) receive(sender, receiver, 'audio');
  }
  return { out, pairs: pairs.size, piped: piped.size };
}

export const sizes = { peers: [2, 10, 50, 100, 200, 500, 1000, 2000], workers: [2, 4, 8, 16, 32, 64] } as const;

export const simulateAll = (): Placed[] =>
  sizes.workers.flatMap((workers) => sizes.peers.map((peers) => simulate(peers, workers)));
