import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { AppError, messageOf, systemCodeOf } from '@potluck/kernel';

export type Listening = { address: string; port: number };
export type UpgradeHandler = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
export type Handlers = {
  request: RequestListener;
  upgrade: UpgradeHandler;
  /** Something that is no HTTP, or too slow to become it, was answered with this status. */
  malformed?: (status: string) => void;
};
export type TlsPair = { cert: string; key: string };

/** What to say when a port cannot be had. */
export type PortSetting = { what: string; flag: string; environment: string };

/** A client that sends its request byte by byte is given this long (slow loris). */
const policy = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
  // Others (curl asks for h2c) are plain requests with a header that does not matter (RFC 9110 §7.8).
  shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
} as const;

export function createHttpServer({ request, upgrade, malformed }: Handlers): Server {
  return createServer(policy, request).on('upgrade', upgrade).on('clientError', endBadClient(malformed));
}

export function createHttpsServer({ request, upgrade, malformed }: Handlers, tls: TlsPair): SecureServer {
  return createSecureServer({ ...policy, handshakeTimeout: 10_000, ...tls, ...tlsPolicy }, request)
    .on('upgrade', upgrade)
    .on('clientError', endBadClient(malformed))
    .on('tlsClientError', (_error, socket) => socket.destroy());
}

/** Mozilla's «intermediate» recommendation: forward secrecy and AEAD, TLS 1.2 for clients that have nothing newer. */
export const tlsPolicy = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
} as const;

/** Starts listening. Rejects with one sentence that names the port and the setting to change. */
export async function listen(
  server: Server | SecureServer,
  host: string,
  port: number,
  setting: PortSetting,
): Promise<Listening> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new AppError('unavailable', listenProblem(error, host, port, setting), { cause: error });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a TCP address');
  return { address: address.address, port: address.port };
}

/** Stops listening and ends plain requests; upgraded connections are ended by their owner. */
export async function stopListening(server: Server | SecureServer): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
}

function listenProblem(error: unknown, host: string, port: number, { what, flag, environment }: PortSetting): string {
  const change = `choose another port with --${flag} or ${environment}`;
  switch (systemCodeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} for ${what} is already in use by another program; stop that one or ${change}.`;
    case 'EACCES':
      return `Port ${port} for ${what} may not be used by this account (ports below 1024 need a privilege); ${change}.`;
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return `The address ${host} for ${what} is not one of this machine; choose another with --listen-ip.`;
    default:
      return `Cannot listen on port ${port} for ${what} (${messageOf(error)}); ${change}.`;
  }
}

/** Malformed HTTP: a status if that is still possible, then the end. */
const endBadClient =
  (malformed: Handlers['malformed']) =>
  (error: Error, stream: Duplex): void => {
    if (stream.destroyed || !stream.writable || systemCodeOf(error) === 'ECONNRESET') {
      stream.destroy();
      return;
    }
    const status =
      systemCodeOf(error) === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : systemCodeOf(error) === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? '408 Request Timeout'
          : '400 Bad Request';
    malformed?.(status);
    stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    stream.once('finish', () => stream.destroy());
  };
