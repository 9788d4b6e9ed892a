import { cpus, loadavg, release, type } from 'node:os';
import type { LoadClient } from '../client.ts';
import { incomingOf, outgoingOf, type Sample } from '../measure.ts';
import type { LoadOptions } from '../options.ts';
import type { ServerUse } from '../server-watch.ts';
import { round, summaryOf, type Summary } from './statistics.ts';

export type LoadReport = {
  readonly format: 1;
  readonly startedAt: string;
  readonly seconds: number;
  readonly options: {
    readonly [name: string]: string | number | boolean | undefined;
  };
  readonly machine: {
    readonly system: string;
    readonly cores: number;
    readonly model: string;
    readonly load: [before: number, after: number];
  };
  readonly clients: {
    readonly wanted: number;
    readonly joined: number;
    readonly failures: readonly { reason: string; count: number }[];
  };
  /** All in milliseconds since the client began to connect. */
  readonly join: {
    readonly entered?: Summary;
    readonly sendPath?: Summary;
    readonly receivePath?: Summary;
    readonly firstFrame?: Summary;
    readonly firstSound?: Summary;
  };
  readonly received: {
    readonly packets: number;
    readonly octets: number;
    readonly lost: number;
    readonly loss: number;
    readonly recovered: number;
    /** Opened and authentic, of those that were to be opened; the others failed. */
    readonly opened: number;
    readonly forged: number;
    /** Bits per second of one receiving client, over the time when all were there. */
    readonly bitratePerClient?: Summary;
    readonly jitterAudio?: Summary;
    readonly jitterVideo?: Summary;
  };
  readonly pictures: {
    readonly streams: number;
    readonly frames: number;
    readonly freezes: number;
    readonly frozenSeconds: number;
    readonly framesPerSecond?: Summary;
  };
  readonly sent: { readonly packets: number; readonly octets: number; readonly retransmitted: number };
  readonly server:
    | { readonly kind: 'unknown'; readonly why: string }
    | {
        readonly kind: 'known';
        readonly processes: readonly { name: string; cpuSeconds: number; memoryMiB: number }[];
        readonly workerMicrosecondsPerPacket: number | undefined;
      };
  /** Doubts about the measurement itself, and what clients complained about. */
  readonly remarks: readonly string[];
  readonly samples: readonly Sample[];
};

export type Finished = {
  readonly options: LoadOptions;
  readonly clients: readonly LoadClient[];
  readonly samples: readonly Sample[];
  readonly startedAt: Date;
  readonly seconds: number;
  readonly loadBefore: number;
  readonly server: { readonly before: ServerUse; readonly after: ServerUse };
};

/** A timer of 5 ms that comes later than this has let packets wait in their sockets. */
const lateMs = 100;

export function reportOf({ options, clients, samples, startedAt, seconds, loadBefore, server }: Finished): LoadReport {
  const streams = incomingOf(clients);
  const outgoing = outgoingOf(clients);
  const total = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((sum, item) => sum + of(item), 0);
  const packets = total(streams, ({ counts }) => counts.packets);
  const lost = total(streams, ({ counts }) => counts.lost);
  const videos = streams.flatMap(({ frames, firstAt, lastAt }) =>
    frames === undefined ? [] : [{ frames, firstAt, lastAt }],
  );
  const {
    url,
    roomId,
    durationMs,
    tiles,
    token: _token,
    password: _password,
    insecure: _insecure,
    apiKey: _apiKey,
    ...rest
  } = options;
  return withoutUndefined({
    format: 1,
    startedAt: startedAt.toISOString(),
    seconds: round(seconds),
    options: { url: url.origin, room: roomId, durationSeconds: durationMs / 1000, tiles: tiles ?? 'all', ...rest },
    machine: {
      system: `${type()} ${release()}`,
      cores: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      load: [round(loadBefore), round(loadavg()[0] ?? 0)],
    },
    clients: {
      wanted: options.publishers + options.subscribers + options.people,
      joined: clients.filter(({ joinedAt }) => joinedAt !== undefined).length,
      failures: counted(clients.flatMap(({ failure }) => failure?.message ?? [])).map(([reason, count]) => ({
        reason,
        count,
      })),
    },
    join: {
      entered: since(clients, ({ joinedAt }) => joinedAt),
      sendPath: since(clients, ({ pathUpAt }) => pathUpAt.send),
      receivePath: since(clients, ({ pathUpAt }) => pathUpAt.recv),
      firstFrame: since(clients, (client) => earliest(client.streams.map(({ frames }) => frames?.firstFrameAt))),
      firstSound: since(clients, (client) =>
        earliest(client.streams.map(({ kind, firstAt }) => (kind === 'audio' ? firstAt : undefined))),
      ),
    },
    received: {
      packets,
      octets: total(streams, ({ counts }) => counts.octets),
      lost,
      loss: packets + lost === 0 ? 0 : lost / (packets + lost),
      recovered: total(streams, ({ counts }) => counts.recovered),
      opened: total(streams, ({ counts }) => counts.opened),
      forged: total(streams, ({ counts }) => counts.forged),
      bitratePerClient: summaryOf(
        clients.filter(({ role, joinedAt }) => role !== 'publisher' && joinedAt !== undefined).map(bitrateOf),
      ),
      jitterAudio: summaryOf(
        streams
          .filter(({ kind, firstAt }) => kind === 'audio' && firstAt !== undefined)
          .map(({ jitterMs }) => jitterMs),
      ),
      jitterVideo: summaryOf(
        streams
          .filter(({ kind, firstAt }) => kind === 'video' && firstAt !== undefined)
          .map(({ jitterMs }) => jitterMs),
      ),
    },
    pictures: {
      streams: videos.filter(({ frames }) => frames.frames > 0).length,
      frames: total(videos, ({ frames }) => frames.frames),
      freezes: total(videos, ({ frames }) => frames.freezes),
      frozenSeconds: round(total(videos, ({ frames }) => frames.frozenMs) / 1000),
      framesPerSecond: summaryOf(
        videos.flatMap(({ frames, firstAt, lastAt }) =>
          firstAt === undefined || lastAt === undefined || lastAt - firstAt < 1_000
            ? []
            : [(frames.frames * 1000) / (lastAt - firstAt)],
        ),
      ),
    },
    sent: {
      packets: total(outgoing, (stream) => stream.packets),
      octets: total(outgoing, (stream) => stream.octets),
      retransmitted: total(outgoing, (stream) => stream.retransmitted),
    },
    server: serverOf(server.before, server.after, packets),
    remarks: remarksOf(clients, samples, server.after),
    samples,
  });
}

function bitrateOf({ streams }: LoadClient): number {
  const octets = streams.reduce((sum, { counts }) => sum + counts.octets, 0);
  const from = earliest(streams.map(({ firstAt }) => firstAt)) ?? 0;
  const to = Math.max(...streams.map(({ lastAt = 0 }) => lastAt), from);
  return to - from < 500 ? 0 : Math.round((octets * 8 * 1000) / (to - from));
}

function since(clients: readonly LoadClient[], of: (client: LoadClient) => number | undefined): Summary | undefined {
  return summaryOf(
    clients.flatMap((client) => {
      const at = of(client);
      return at === undefined ? [] : [at - client.startedAt];
    }),
  );
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function serverOf(before: ServerUse, after: ServerUse, packets: number): LoadReport['server'] {
  if (before.kind === 'unknown') return before;
  if (after.kind === 'unknown') return after;
  const past = new Map(before.processes.map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
  const processes = after.processes.map(({ name, pid, cpuSeconds, memoryMiB }) => ({
    name,
    cpuSeconds: round(cpuSeconds - (past.get(pid) ?? 0)),
    memoryMiB,
  }));
  const workers = processes
    .filter(({ name }) => name.startsWith('worker'))
    .reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  return {
    kind: 'known',
    processes,
    workerMicrosecondsPerPacket: packets < 1_000 ? undefined : round((workers * 1e6) / packets),
  };
}

function remarksOf(clients: readonly LoadClient[], samples: readonly Sample[], server: ServerUse): string[] {
  const late = samples.filter((sample) => sample.late > lateMs).length;
  const ended = clients.filter(({ ended, joinedAt }) => ended && joinedAt !== undefined).length;
  const warnings = counted(clients.flatMap((client) => client.warnings)).slice(0, 5);
  return [
    ...(late > 0
      ? [
          `in ${late} of ${samples.length} samples this program itself came more than ${lateMs} ms late: loss, jitter and freezes may be its own. Use fewer clients here, a larger --check, or another machine.`,
        ]
      : []),
    ...(ended > 0 ? [`${ended} clients were put out before the end`] : []),
    ...(server.kind === 'unknown' ? [`CPU and memory of the server are not known: ${server.why}`] : []),
    ...warnings.map(([text, count]) => `${count} times: ${text}`),
  ];
}

function counted(texts: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a);
}

/** JSON has no `undefined`; neither has the type. */
function withoutUndefined(report: unknown): LoadReport {
  return JSON.parse(JSON.stringify(report)) as LoadReport;
}
