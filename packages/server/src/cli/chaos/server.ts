import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateWorker } from '@potluck/engine';
import { openApp, type App } from '../../app.ts';
import { ConfigSchema } from '../../config/schema.ts';
import { openLog } from '../../watch/log.ts';

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
  const [httpsPort = 0, port = 0] = await freePorts(2);
  const config = ConfigSchema.parse({
    https: { listenIp: '127.0.0.1', port: httpsPort },
    http: { port },
    media: {
      workers,
      workerBin: process.env['MEDIASOUP_WORKER_BIN'] ?? locateWorker()?.bin,
      listenIp: '127.0.0.1',
      webRtcServerPort: 30_000 + (port % 20_000),
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

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
