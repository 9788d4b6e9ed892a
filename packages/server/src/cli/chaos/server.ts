import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateWorker } from '@potluck/engine';
import { openApp, type App } from '../../app.ts';
import { ConfigSchema } from '../../config/schema.ts';
import { openLog } from '../../watch/log.ts';
import { freePorts } from '../free-ports.ts';

/** A server of its own for the trial: on loopback, with an empty data folder. */
export type TrialServer = {
  app: App;
  readonly port: number;
  readonly mediaPorts: readonly number[];
  restart(): Promise<void>;
  close(): Promise<void>;
};

export async function openTrialServer({
  workers,
  standby,
  loudestSpeakers,
}: {
  workers: number;
  standby: boolean;
  /** Microphones that are forwarded at once; default as everywhere. */
  loudestSpeakers?: number;
}): Promise<TrialServer> {
  const folder = await mkdtemp(join(tmpdir(), 'potluck-chaos-'));
  const httpsPort = await freePorts(2 + workers);
  const port = httpsPort + 1;
  const config = ConfigSchema.parse({
    https: { listenIp: '127.0.0.1', port: httpsPort },
    http: { port },
    media: {
      workers,
      workerBin: process.env['MEDIASOUP_WORKER_BIN'] ?? locateWorker()?.bin,
      listenIp: '127.0.0.1',
      webRtcServerPort: port + 1,
    },
    rooms: { standby, ...(loudestSpeakers !== undefined && { loudestSpeakers }) },
    log: { pattern: process.env['DEBUG'] ?? '-*', statusEverySeconds: 0 },
    data: { folder },
  });
  const write = (text: string) => process.stderr.write(text);
  const open = () => openApp(config, openLog({ pattern: config.log.pattern, format: 'human', colors: false, write }));
  const server: TrialServer = {
    app: await open(),
    port,
    mediaPorts: Array.from({ length: workers }, (_, index) => config.media.webRtcServerPort + index),
    async restart() {
      await server.app.close('the server restarts');
      server.app = await open();
    },
    async close() {
      await server.app.close('the trial is over');
      await rm(folder, { recursive: true, force: true });
    },
  };
  return server;
}
