import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateWorker } from '@potluck/engine';
import { ConfigSchema, openApp, openLog, type App, type ConfigFile } from '../../server/src/index.ts';
import { freePorts } from './ports.ts';

/** A whole server with real workers on loopback, in this process. Use with `await using`. */
export type TestServer = AsyncDisposable & {
  readonly app: App;
  /** `https://127.0.0.1:port`, with a self-signed certificate. */
  readonly https: string;
  /** `http://localhost:port`, which browsers trust with cameras. */
  readonly http: string;
  /** Where v3 clients connect: `wss://127.0.0.1:port/`. */
  readonly wss: string;
  /** Without TLS: `ws://127.0.0.1:port/`. */
  readonly ws: string;
  /** Log lines so far, as JSON, of every level: for assertions on what is, and what is not, logged. */
  readonly logLines: readonly string[];
};

/** Lines kept: a storm of junk must not eat the memory that a test measures. */
const keptLines = 2_000;

export async function startServer(changes: ConfigFile = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'potluck-test-'));
  const workers = changes.media?.workers ?? 1;
  const config = ConfigSchema.parse({
    ...changes,
    https: { listenIp: '127.0.0.1', port: 0, ...changes.https },
    http: { port: 0, ...changes.http },
    media: {
      workers,
      workerBin: locateWorker()?.bin,
      listenIp: '127.0.0.1',
      webRtcServerPort: await freePorts(workers),
      ...changes.media,
    },
    log: { pattern: process.env['DEBUG'] ?? '*', format: 'json', statusEverySeconds: 0, ...changes.log },
    data: { folder, ...changes.data },
  });
  const logLines: string[] = [];
  const write = (text: string) => {
    if (process.env['DEBUG']) process.stderr.write(text);
    logLines.push(text.trimEnd());
    if (logLines.length > keptLines) logLines.splice(0, keptLines / 2);
  };
  const app = await openApp(config, openLog({ ...config.log, format: 'json', colors: false, write }));
  return {
    app,
    https: `https://127.0.0.1:${app.httpsPort}`,
    http: `http://localhost:${app.httpPort}`,
    wss: `wss://127.0.0.1:${app.httpsPort}/`,
    ws: `ws://127.0.0.1:${app.httpPort}/`,
    logLines,
    async [Symbol.asyncDispose]() {
      await app.close('the test is over');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
