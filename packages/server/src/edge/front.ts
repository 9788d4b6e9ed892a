import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import { AppError, systemCodeOf, type Logger, type Tasks } from '@potluck/kernel';
import type { Config } from '../config/schema.ts';
import { ownNames, selfSigned } from './certificate.ts';
import {
  createHttpServer,
  createHttpsServer,
  listen,
  stopListening,
  tlsPolicy,
  type Handlers,
  type Listening,
} from './listener.ts';
import { readTlsFiles, watchTlsFiles, type TlsFiles } from './tls-files.ts';

export type Front = {
  readonly httpsPort: number;
  /** `undefined` when plain HTTP is off. */
  readonly httpPort: number | undefined;
  close(): Promise<void>;
};

const httpsSetting = { what: 'HTTPS', flag: 'port', environment: 'POTLUCK_PORT (or PROTOO_LISTEN_PORT)' };
const httpSetting = { what: 'HTTP on this machine', flag: 'http-port', environment: 'POTLUCK_HTTP_PORT' };
const lookForNewCertificateMs = 10_000;

/** The files of a configured certificate; `undefined` for a self-signed one. */
export function tlsFilesOf({ https }: Config): TlsFiles | undefined {
  const { certificateFile, privateKeyFile } = https;
  return certificateFile === undefined || privateKeyFile === undefined
    ? undefined
    : { certificateFile, privateKeyFile };
}

/** Opens HTTPS everywhere and HTTP on loopback. Both serve the same. */
export async function openFront(
  config: Config,
  handlers: Handlers,
  { log, tasks }: { log: Logger; tasks: Tasks },
): Promise<Front> {
  await using opening = new AsyncDisposableStack();
  const files = tlsFilesOf(config);
  const domain = config.https.domain === undefined ? [] : [config.https.domain];
  const pair =
    files === undefined ? await selfSigned(config.data.folder, ownNames(domain), log) : await readTlsFiles(files);

  const https = createHttpsServer(handlers, pair);
  opening.defer(() => stopListening(https));
  const secure = await listenEverywhere(https, config.https.listenIp, config.https.port);
  log.info('HTTPS server listening', {
    address: secure.address,
    port: secure.port,
    certificate: files?.certificateFile ?? 'self-signed',
  });
  if (files !== undefined) {
    const onChange = (changed: typeof pair) => https.setSecureContext({ ...changed, ...tlsPolicy });
    opening.defer(watchTlsFiles(files, { onChange, log, tasks, everyMs: lookForNewCertificateMs }));
  }

  let httpPort: number | undefined;
  if (config.http.enabled) {
    const http = createHttpServer(handlers);
    opening.defer(() => stopListening(http));
    ({ port: httpPort } = await listen(http, '127.0.0.1', config.http.port, httpSetting));
    log.info('HTTP server listening, for this machine only', { port: httpPort });
    // Browsers may try ::1 first for localhost; without IPv6 they go on to 127.0.0.1.
    const http6 = createHttpServer(handlers);
    opening.defer(() => stopListening(http6));
    await listen(http6, '::1', httpPort, httpSetting).catch((error: unknown) =>
      log.debug('no HTTP on ::1', { error: AppError.from(error).message }),
    );
  }
  const closing = opening.move();
  return { httpsPort: secure.port, httpPort, close: () => closing.disposeAsync() };
}

/** `::` takes IPv4 too; on a machine without IPv6 only 0.0.0.0 is there. */
async function listenEverywhere(server: Server | SecureServer, host: string, port: number): Promise<Listening> {
  try {
    return await listen(server, host, port, httpsSetting);
  } catch (error) {
    const noIpv6 =
      error instanceof AppError && ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes(systemCodeOf(error.cause) ?? '');
    if (host !== '::' || !noIpv6) throw error;
    return await listen(server, '0.0.0.0', port, httpsSetting);
  }
}
