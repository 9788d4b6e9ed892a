import type { LoadClient } from './client.ts';
import type { Crowd } from './crowd.ts';
import { round, summaryOf } from './report/statistics.ts';
import type { ServerUse, ServerWatch } from './server-watch.ts';

/** One look at everything, about a second after the one before. Rates are over the time in between. */
export type Sample = {
  /** Seconds since the first client began to join. */
  readonly at: number;
  readonly joined: number;
  /** Bits per second of RTP, all clients together. */
  readonly received: number;
  readonly sent: number;
  readonly packetsPerSecond: number;
  /** Share of the packets that should have come and never did, 0 to 1. */
  readonly loss: number;
  /** Milliseconds: median and 95th percentile over all streams that flow. */
  readonly jitter: { readonly median: number; readonly p95: number };
  /** Pictures that stand still now. */
  readonly frozen: number;
  readonly pictures: number;
  /** Milliseconds that this process came late at worst: much means that it, and not the server, is what holds things up. */
  readonly late: number;
  /** Share of one core, 0 to 1, of each process of the server. */
  readonly cpu: readonly { readonly name: string; readonly share: number; readonly memoryMiB: number }[];
};

export type Totals = { sentOctets: number; receivedOctets: number; packets: number; lost: number };

const sum = <T>(items: Iterable<T>, of: (item: T) => number): number => {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
};

export const incomingOf = (clients: readonly LoadClient[]) => clients.flatMap(({ streams }) => streams);
export const outgoingOf = (clients: readonly LoadClient[]) =>
  clients.flatMap(({ senders }) => senders.flatMap(({ streams }) => streams));

/** Takes samples of a crowd and of its server. */
export class Meter {
  readonly samples: Sample[] = [];
  readonly #crowd: Crowd;
  readonly #server: ServerWatch;
  readonly #begun = performance.now();
  #before: { at: number; totals: Totals; use: ServerUse };

  constructor(crowd: Crowd, server: ServerWatch) {
    this.#crowd = crowd;
    this.#server = server;
    this.#before = { at: this.#begun, totals: this.#totals(), use: server.read() };
  }

  take(): Sample {
    const at = performance.now();
    const totals = this.#totals();
    const use = this.#server.read();
    const { totals: before, use: useBefore } = this.#before;
    const seconds = Math.max(0.001, (at - this.#before.at) / 1000);
    const packets = totals.packets - before.packets;
    const lost = totals.lost - before.lost;
    const streams = incomingOf(this.#crowd.clients);
    const live = streams.filter(({ lastAt }) => lastAt !== undefined && at - lastAt < 1_000);
    const jitter = summaryOf(live.map(({ jitterMs }) => jitterMs));
    const pictures = streams.filter(({ frames, lastAt }) => (frames?.frames ?? 0) > 0 && at - (lastAt ?? 0) < 10_000);
    const sample: Sample = {
      at: round((at - this.#begun) / 1000),
      joined: this.#crowd.clients.filter(({ joinedAt, ended }) => joinedAt !== undefined && !ended).length,
      received: Math.round(((totals.receivedOctets - before.receivedOctets) * 8) / seconds),
      sent: Math.round(((totals.sentOctets - before.sentOctets) * 8) / seconds),
      packetsPerSecond: Math.round(packets / seconds),
      loss: packets + lost <= 0 ? 0 : lost / (packets + lost),
      jitter: { median: jitter?.median ?? 0, p95: jitter?.p95 ?? 0 },
      frozen: pictures.filter(({ frames }) => (frames?.frozenFor(at) ?? 0) > 0).length,
      pictures: pictures.length,
      late: round(this.#crowd.ticker.readLateness()),
      cpu: sharesOf(useBefore, use, seconds),
    };
    this.#before = { at, totals, use };
    this.samples.push(sample);
    return sample;
  }

  #totals(): Totals {
    const streams = incomingOf(this.#crowd.clients);
    return {
      sentOctets: sum(outgoingOf(this.#crowd.clients), ({ octets }) => octets),
      receivedOctets: sum(streams, ({ counts }) => counts.octets),
      packets: sum(streams, ({ counts }) => counts.packets),
      lost: sum(streams, ({ counts }) => counts.lost),
    };
  }
}

function sharesOf(before: ServerUse, now: ServerUse, seconds: number): Sample['cpu'] {
  if (before.kind === 'unknown' || now.kind === 'unknown') return [];
  const past = new Map(before.processes.map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
  return now.processes.map(({ name, pid, cpuSeconds, memoryMiB }) => ({
    name,
    share: round((cpuSeconds - (past.get(pid) ?? cpuSeconds)) / seconds),
    memoryMiB,
  }));
}
