import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateWorker } from '@potluck/engine';
import { ConfigSchema, openApp, openLog, type App } from '@potluck/server';
import { freePorts } from '../media/support.ts';

/** A whole server on loopback. Use with `await using`: everything ends with the test. */
export type TestServer = AsyncDisposable & { readonly app: App; readonly url: string };

type Changes = { workers?: number; graceSeconds?: number; httpPort?: number };

export async function startServer({ workers = 1, graceSeconds = 30, ...changes }: Changes = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'potluck-sdk-'));
  const httpPort = changes.httpPort ?? (await freePorts(1));
  const config = ConfigSchema.parse({
    https: { listenIp: '127.0.0.1', port: await freePorts(1) },
    http: { port: httpPort },
    media: {
      workers,
      workerBin: process.env['MEDIASOUP_WORKER_BIN'] ?? locateWorker()?.bin,
      listenIp: '127.0.0.1',
      webRtcServerPort: await freePorts(workers),
    },
    rooms: { graceSeconds, reconnectingAfterSeconds: 1 },
    log: { pattern: process.env['DEBUG'] ?? '*ERROR*', statusEverySeconds: 0 },
    data: { folder },
  });
  const write = (text: string) => process.stderr.write(text);
  const app = await openApp(config, openLog({ pattern: config.log.pattern, format: 'human', colors: false, write }));
  return {
    app,
    url: `http://localhost:${httpPort}/`,
    async [Symbol.asyncDispose]() {
      await app.close('the test is over');
      await rm(folder, { recursive: true });
    },
  };
}
