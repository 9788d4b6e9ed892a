import { loadavg } from 'node:os';
import { Crowd, pause } from './crowd.ts';
import { Meter, type Sample } from './measure.ts';
import type { LoadOptions } from './options.ts';
import { reportOf, type LoadReport } from './report/report.ts';
import { isLoopbackHost } from '../../edge/address.ts';
import { ServerApi } from '../broadcast/server-api.ts';
import { ApiServerWatch } from './api-watch.ts';
import { LocalServerWatch, type ServerWatch } from './server-watch.ts';

const sampleEveryMs = 1_000;

export type LoadHooks = {
  readonly signal: AbortSignal;
  readonly onSample?: (sample: Sample) => void;
  /** When all are in (or have failed), and what there is to look at. */
  readonly onEntered?: (crowd: Crowd) => void;
};

/** Lets a crowd in, looks at it for a while, and lets it go. Also when `signal` aborts there is a report. */
export async function runLoad(options: LoadOptions, { signal, onSample, onEntered }: LoadHooks): Promise<LoadReport> {
  const startedAt = new Date();
  const loadBefore = loadavg()[0] ?? 0;
  const watch = await watchOf(options);
  const before = watch.read();
  const crowd = new Crowd(options);
  const begun = performance.now();
  const meter = new Meter(crowd, watch);
  const timer = setInterval(() => {
    const sample = meter.take();
    onSample?.(sample);
  }, sampleEveryMs);
  try {
    await crowd.enter(signal);
    onEntered?.(crowd);
    const anybody = crowd.clients.some(({ joinedAt }) => joinedAt !== undefined);
    if (anybody) await pause(options.durationMs, signal);
    meter.take();
    const seconds = (performance.now() - begun) / 1000;
    const { clients } = crowd;
    const server = { before, after: watch.read() };
    return reportOf({ options, clients, samples: meter.samples, startedAt, seconds, loadBefore, server });
  } finally {
    clearInterval(timer);
    watch.close();
    await crowd.close();
  }
}

/** The kernel knows best; a server elsewhere tells whoever has its key. */
async function watchOf({ url, apiKey, insecure }: LoadOptions): Promise<ServerWatch> {
  if (apiKey === undefined || isLoopbackHost(url.hostname)) return new LocalServerWatch(url);
  const watch = new ApiServerWatch(new ServerApi({ server: url, insecure, token: apiKey }));
  await watch.first();
  return watch;
}
