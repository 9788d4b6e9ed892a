import type { StreamStats } from '@potluck/client';

/** The last readings of one stream, oldest first. */
export type StreamHistory = {
  readonly key: string;
  readonly latest: StreamStats;
  readonly readings: readonly StreamStats[];
};
export type CallHistory = {
  readonly streams: readonly StreamHistory[];
  readonly sent: readonly number[];
  readonly received: readonly number[];
};

export const noHistory: CallHistory = { streams: [], sent: [], received: [] };
export const historyLength = 60;

export const streamKey = ({
  direction,
  peerId,
  source,
  kind,
}: Pick<StreamStats, 'direction' | 'peerId' | 'source' | 'kind'>): string => `${direction} ${peerId} ${source} ${kind}`;

/** Adds one reading of all streams; those that are gone are forgotten. */
export function record(history: CallHistory, reading: readonly StreamStats[]): CallHistory {
  const before = new Map(history.streams.map((stream) => [stream.key, stream.readings]));
  const streams = reading.map((latest): StreamHistory => {
    const key = streamKey(latest);
    return { key, latest, readings: [...(before.get(key) ?? []), latest].slice(-historyLength) };
  });
  const total = (direction: StreamStats['direction']) =>
    reading.reduce((sum, stream) => sum + (stream.direction === direction ? stream.bitrate : 0), 0);
  return {
    streams,
    sent: [...history.sent, total('send')].slice(-historyLength),
    received: [...history.received, total('receive')].slice(-historyLength),
  };
}
