import type { StreamStats } from '../api.ts';

/** What is read of an entry of an RTCStatsReport (W3C webrtc-stats). */
export type Stat = { readonly type: string; readonly id: string; readonly [member: string]: unknown };
export type StreamId = Pick<StreamStats, 'direction' | 'peerId' | 'source' | 'kind'>;
/** Totals at the reading before. */
export type Totals = { at: number; bytes: number; lost: number; packets: number; frames: number };

const number = (stat: Stat | undefined, member: string): number | undefined => {
  const value = stat?.[member];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};
const sum = (stats: readonly Stat[], member: string): number =>
  stats.reduce((sum, stat) => sum + (number(stat, member) ?? 0), 0);
const largest = (stats: readonly Stat[], member: string): number | undefined =>
  stats.reduce<number | undefined>((most, stat) => {
    const value = number(stat, member);
    return value === undefined ? most : Math.max(most ?? 0, value);
  }, undefined);
const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);

/**
 * One stream's reading out of the browser's report. `rtp`: its outbound-rtp entries (one a simulcast layer) or its one
 * inbound-rtp entry. Rates are over the time since `before`, 0 at the first reading. Pure.
 */
export function readStream(
  id: StreamId,
  rtp: readonly Stat[],
  report: ReadonlyMap<string, Stat>,
  at: number,
  before: Totals | undefined,
): { stats: StreamStats; totals: Totals } {
  const sending = id.direction === 'send';
  const totals: Totals = {
    at,
    bytes: sum(rtp, sending ? 'bytesSent' : 'bytesReceived'),
    lost: sum(rtp, 'packetsLost'),
    packets: sum(rtp, 'packetsReceived'),
    frames: largest(rtp, sending ? 'framesEncoded' : 'framesDecoded') ?? 0,
  };
  const seconds = before === undefined ? 0 : (at - before.at) / 1000;
  const remote = sending ? entriesOf(report, 'remote-inbound-rtp', rtp) : [];
  const stats: StreamStats = {
    ...id,
    codec: codecOf(rtp, report),
    bitrate: rate((totals.bytes - (before?.bytes ?? 0)) * 8, seconds),
    loss: sending ? (largest(remote, 'fractionLost') ?? 0) : receivedLoss(totals, before),
    roundTripTime: milliseconds(largest(remote, 'roundTripTime') ?? pathRoundTripTime(report)),
    jitter: milliseconds(largest(sending ? remote : rtp, 'jitter')),
    framesPerSecond:
      id.kind === 'audio'
        ? undefined
        : (largest(rtp, 'framesPerSecond') ?? rate(totals.frames - (before?.frames ?? 0), seconds)),
    width: largest(rtp, 'frameWidth'),
    height: largest(rtp, 'frameHeight'),
    limitedBy: limitOf(rtp),
  };
  return { stats, totals };
}

/** The sound and picture of everyone together. Loss is weighed by bitrate. */
export function summarize(streams: readonly StreamStats[]): {
  readonly send: { bitrate: number; loss: number };
  readonly receive: { bitrate: number; loss: number };
  readonly roundTripTime: number | undefined;
} {
  const of = (direction: StreamStats['direction']) => {
    const some = streams.filter((stream) => stream.direction === direction);
    const bitrate = some.reduce((sum, stream) => sum + stream.bitrate, 0);
    const loss = bitrate === 0 ? 0 : some.reduce((sum, { loss, bitrate: part }) => sum + loss * part, 0) / bitrate;
    return { bitrate, loss };
  };
  const times = streams.flatMap(({ roundTripTime }) => (roundTripTime === undefined ? [] : [roundTripTime]));
  return {
    send: of('send'),
    receive: of('receive'),
    roundTripTime: times.length === 0 ? undefined : Math.max(...times),
  };
}

const rate = (amount: number, seconds: number): number => (seconds > 0 ? Math.max(0, amount / seconds) : 0);

function receivedLoss(now: Totals, before: Totals | undefined): number {
  const lost = now.lost - (before?.lost ?? 0);
  const received = now.packets - (before?.packets ?? 0);
  // Late packets are taken off the count of lost ones, so that it may even shrink.
  return lost <= 0 || lost + received <= 0 ? 0 : lost / (lost + received);
}

function codecOf(rtp: readonly Stat[], report: ReadonlyMap<string, Stat>): string | undefined {
  const id = rtp.find(({ codecId }) => typeof codecId === 'string')?.['codecId'];
  const mimeType = typeof id === 'string' ? report.get(id)?.['mimeType'] : undefined;
  return typeof mimeType === 'string' ? mimeType.split('/')[1] : undefined;
}

const entriesOf = (report: ReadonlyMap<string, Stat>, type: string, rtp: readonly Stat[]): Stat[] => {
  const ids = new Set(rtp.map(({ id }) => id));
  return [...report.values()].filter((stat) => stat.type === type && ids.has(String(stat['localId'])));
};

const pathRoundTripTime = (report: ReadonlyMap<string, Stat>): number | undefined =>
  number(
    [...report.values()].find(
      (stat) => stat.type === 'candidate-pair' && stat['nominated'] === true && stat['state'] === 'succeeded',
    ),
    'currentRoundTripTime',
  );

function limitOf(rtp: readonly Stat[]): StreamStats['limitedBy'] {
  const reasons = rtp.map((stat) => stat['qualityLimitationReason']);
  // The worst of the layers names the cause.
  for (const reason of ['cpu', 'bandwidth', 'other', 'none'] as const) if (reasons.includes(reason)) return reason;
  return undefined;
}
