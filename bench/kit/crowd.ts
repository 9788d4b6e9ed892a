import { Crowd } from '../../packages/server/src/cli/load/crowd.ts';
import { readLoadOptions } from '../../packages/server/src/cli/load/options.ts';
import type { IncomingStream } from '../../packages/server/src/cli/load/rtp/incoming.ts';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A crowd of load clients by the words of the command line. */
export function crowdOf(url: string, ...args: string[]): Crowd {
  const options = readLoadOptions(['--url', url, '--room', 'bench', '--check', '32', ...args]);
  if (options === undefined) throw new Error('no options');
  return new Crowd(options);
}

export async function enterAll(crowd: Crowd): Promise<void> {
  await crowd.enter(new AbortController().signal);
  const failure = crowd.clients.find((client) => client.failure !== undefined)?.failure;
  if (failure !== undefined) throw failure;
}

/** What came over these streams so far. */
export function countsOf(streams: readonly IncomingStream[]) {
  const sum = (of: (stream: IncomingStream) => number) => streams.reduce((total, stream) => total + of(stream), 0);
  return {
    packets: sum(({ counts }) => counts.packets),
    octets: sum(({ counts }) => counts.octets),
    lost: sum(({ counts }) => counts.lost),
    recovered: sum(({ counts }) => counts.recovered),
    forged: sum(({ counts }) => counts.forged),
    frames: sum(({ frames }) => frames?.frames ?? 0),
  };
}

/** Distinct streams of a kind that brought something within the last `ms`. */
export const flowing = (streams: readonly IncomingStream[], kind: 'audio' | 'video', ms: number): number =>
  streams.filter(
    (stream) =>
      stream.kind === kind &&
      stream.lastAt !== undefined &&
      performance.now() - stream.lastAt < ms &&
      (kind === 'audio' || (stream.frames?.frames ?? 0) > 0),
  ).length;
