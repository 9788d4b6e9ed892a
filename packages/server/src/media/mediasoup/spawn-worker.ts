import { setTimeout as sleep } from 'node:timers/promises';
import { createWorker } from 'mediasoup';
import type { types } from 'mediasoup';
import { AppError, messageOf, systemClock } from '@potluck/kernel';
import { z } from 'zod';
import type { WorkerLog } from '../fabric.ts';
import { workerLogTags, type MediaSettings } from '../settings.ts';
import { startGathering } from './gather-writes.ts';
import { bindable, listenInfos, localAddresses } from './addresses.ts';
import { killProcess } from './worker-process.ts';

export type SpawnedWorker = { worker: types.Worker; server: types.WebRtcServer | undefined };

const WorkerLogSettings = z.object({
  logLevel: z.enum(['debug', 'warn', 'error', 'none']).exactOptional(),
  logTags: z.array(z.enum(workerLogTags)).exactOptional(),
});

/** `bad_request` that names what is allowed. */
export function readWorkerLog(settings: WorkerLog): z.infer<typeof WorkerLogSettings> {
  const read = WorkerLogSettings.safeParse(settings);
  if (read.success) return read.data;
  throw new AppError('bad_request', `worker log: ${z.prettifyError(read.error)}`);
}

/** Starts a worker process with its WebRtcServer. Rejects with an error that says what to do about it. */
export async function spawnWorker(index: number, settings: MediaSettings, log: WorkerLog): Promise<SpawnedWorker> {
  const worker = await createProcess(settings, log);
  if (!settings.useWebRtcServer) return { worker, server: undefined };
  try {
    return { worker, server: await createServer(worker, settings.webRtcServerPort + index, settings.listenIp) };
  } catch (error) {
    await endWorker(worker);
    throw error;
  }
}

/**
 * The engine's own, and how often each transport that sends pictures looks at its bandwidth, in milliseconds: as often as
 * libwebrtc itself does it, and not every 5. Of a room where little is sent, that was most of the worker's work.
 */
const libwebrtcFieldTrials = 'WebRTC-Bwe-AlrLimitedBackoff/Enabled/WebRTC-Pacer-MinPacketLimitMs/25/';

async function createProcess(settings: MediaSettings, log: WorkerLog): Promise<types.Worker> {
  const { workerBin, dtlsCertificateFile, dtlsPrivateKeyFile } = settings;
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  try {
    const options = {
      ...readWorkerLog(log),
      libwebrtcFieldTrials,
      ...(workerBin !== undefined && { workerBin }),
      ...(dtlsCertificateFile !== undefined && { dtlsCertificateFile }),
      ...(dtlsPrivateKeyFile !== undefined && { dtlsPrivateKeyFile }),
    };
    const making = startGathering(() => createWorker(options));
    // mediasoup would close its workers by itself on these signals, before anyone in a call could be told.
    for (const [i, signal] of signals.entries()) {
      for (const listener of process.listeners(signal)) if (!before[i]?.has(listener)) process.off(signal, listener);
    }
    return await making;
  } catch (error) {
    if (error instanceof AppError) throw error;
    const program = workerBin ?? "mediasoup's own worker";
    const why = messageOf(error);
    throw new AppError('unavailable', `the media worker (${program}) does not start: ${why}`, { cause: error });
  }
}

/** A worker that died a moment ago, or one of a killed server, may still hold the port. */
const portRetries = 10;
const portRetryMs = 100;

async function createServer(worker: types.Worker, port: number, listenIp: string): Promise<types.WebRtcServer> {
  const addresses = await bindable(localAddresses(listenIp));
  if (addresses.length === 0) {
    throw new AppError('unavailable', `this machine has no address ${listenIp}: set listenIp to one of its addresses`);
  }
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await worker.createWebRtcServer({ listenInfos: listenInfos(addresses, { port }) });
    } catch (error) {
      const why = messageOf(error);
      const taken = /address already in use/.test(why);
      if (taken && attempt < portRetries) await sleep(portRetryMs);
      else if (taken) throw new AppError('unavailable', portTaken(port, why), { cause: error });
      else throw new AppError('unavailable', `the media port ${port} cannot be opened: ${why}`, { cause: error });
    }
  }
}

function portTaken(port: number, why: string): string {
  const where = /protocol:(\w+), ip:'([^']*)'/.exec(why);
  const socket = where ? ` (${where[1]?.toUpperCase()} on ${where[2]})` : '';
  return `the media port ${port}${socket} is taken by another program: stop that program, or set webRtcServerPort to a range of free ports`;
}

/** A worker that was asked to end gets this long. */
const closeDeadlineMs = 1000;

/** Asks, then forces: a worker that was stopped does not hear. */
export async function endWorker(worker: types.Worker): Promise<void> {
  if (worker.subprocessClosed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  worker.once('subprocessclose', resolve);
  const cancel = systemClock.after(closeDeadlineMs, () => killProcess(worker.pid));
  worker.close();
  await promise;
  cancel();
}
