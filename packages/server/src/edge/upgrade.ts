import { once } from 'node:events';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError, Buckets, closeCodes, systemClock, type Clock, type Logger, type Tasks } from '@potluck/kernel';
import { noGrant, subprotocol } from '@potluck/protocol';
import { WebSocketServer } from 'ws';
import type { Access } from '../access/access.ts';
import type { FrameSocket, SessionDoor } from '../session/socket.ts';
import { addressGroup, type ClientAddress } from './address.ts';
import { connect, cutToBytes, type ConnectionLimits } from './connection.ts';
import { checkOrigin, checkSubprotocol, parseQuery, secretsOf } from './handshake.ts';

export type UpgradeOptions = ConnectionLimits & {
  maxMessageBytes: number;
  maxSockets: number;
  maxSocketsPerAddress: number;
  /** Empty: every origin. */
  allowedOrigins: readonly string[];
};

export type UpgradeDeps = {
  door: SessionDoor;
  access: Pick<Access, 'grant'>;
  clientAddress: ClientAddress;
  log: Logger;
  tasks: Tasks;
  clock?: Clock;
};

export type Upgrades = {
  /** Answers an upgrade request: with the WebSocket, or with a refusal. */
  handle(request: IncomingMessage, stream: Duplex, head: Buffer): void;
  /** WebSockets open or being opened. */
  readonly size: number;
  /** Throws what an upgrade from there would be refused with now, whoever asks: no room for another socket. */
  checkRoom(address: string): void;
  /** Refuses new ones with 503 from here on. */
  drain(): void;
  /** Closes what is still open with code 1012, and after `withinMs` destroys what has not closed. */
  close(reason: string, withinMs: number): Promise<void>;
};

/**
 * Sockets of one address that were closed for sending too much: so many, then one every ten seconds. Without it a new socket
 * would bring a new burst.
 */
const floods = { burst: 2, perSecond: 0.1 };

/** Everything between an upgrade request and a session: sub-protocol, origin, query, limits, token, admission, in this order. */
export function openUpgrades(deps: UpgradeDeps, options: UpgradeOptions): Upgrades {
  const { door, access, clientAddress, log, tasks, clock = systemClock } = deps;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxMessageBytes,
    handleProtocols: () => subprotocol,
  });
  const counts = new Map<string, number>();
  const flooding = new Buckets(floods);
  const open = new Set<FrameSocket>();
  const streams = new Set<Duplex>();
  let draining = false;

  function checkRoom(group: string): void {
    if (draining) throw new AppError('unavailable', 'the server is stopping');
    if (streams.size >= options.maxSockets) {
      throw new AppError('unavailable', `more than ${options.maxSockets} connections`);
    }
    if ((counts.get(group) ?? 0) >= options.maxSocketsPerAddress) {
      throw new AppError('rate_limited', `more than ${options.maxSocketsPerAddress} connections from one address`);
    }
  }

  function checkFloods(group: string): void {
    if (flooding.has(group, clock.now())) return;
    throw new AppError('rate_limited', 'too many messages came from this address; try again in a while');
  }

  function enter(stream: Duplex, group: string): void {
    checkRoom(group);
    streams.add(stream);
    counts.set(group, (counts.get(group) ?? 0) + 1);
    stream.once('close', () => {
      streams.delete(stream);
      const left = (counts.get(group) ?? 1) - 1;
      if (left === 0) counts.delete(group);
      else counts.set(group, left);
    });
  }

  async function admit(request: IncomingMessage, stream: Duplex, head: Buffer, address: string): Promise<void> {
    checkSubprotocol(request);
    checkOrigin(request, options.allowedOrigins);
    const query = { ...parseQuery(request.url), ...secretsOf(request) };
    if (stream.destroyed) return;
    enter(stream, addressGroup(address));
    // Whoever is in stays in: a token that ran out meanwhile does not end a call, nor does a neighbour that floods.
    const returning = door.resumes(query);
    if (!returning) checkFloods(addressGroup(address));
    const grant = returning
      ? noGrant
      : await access.grant(query.token || undefined, query.roomId, addressGroup(address));
    const admission = await door.admit(query, grant, address);
    if (stream.destroyed || draining) {
      admission.cancel();
      throw new AppError('unavailable', draining ? 'the server is stopping' : 'the client went away');
    }
    let attached = false;
    // ws answers bad handshakes by itself and destroys the stream without a callback.
    stream.once('close', () => {
      if (!attached) admission.cancel();
    });
    server.handleUpgrade(request, stream, head, (socket) => {
      attached = true;
      const connectionLog = log.child('socket', { roomId: query.roomId, peerId: query.peerId, address });
      const onFlood = () => void flooding.take(addressGroup(address), clock.now());
      const deps = { socket, stream, remoteAddress: address, log: connectionLog, onFlood, clock };
      const connection = connect(deps, options);
      open.add(connection);
      connection.events.on('closed', () => open.delete(connection));
      admission.attach(connection);
    });
  }

  return {
    get size() {
      return streams.size;
    },
    checkRoom: (address) => {
      checkRoom(addressGroup(address));
      checkFloods(addressGroup(address));
    },
    handle: (request, stream, head) => {
      // Until ws takes over, a reset connection would be an uncaught error.
      stream.on('error', () => stream.destroy());
      const address = clientAddress(request.socket.remoteAddress, request.headers['x-forwarded-for']);
      tasks.spawn(
        'upgrade',
        admit(request, stream, head, address).catch((thrown: unknown) => {
          const error = AppError.from(thrown);
          if (error.code === 'internal') log.error('admission failed', { address, error: error.cause ?? error });
          else if (error.code !== 'unauthorized')
            log.info('connection refused', { address, status: error.status, reason: error.message });
          refuse(stream, error);
        }),
      );
    },
    drain: () => {
      draining = true;
    },
    close: async (reason, withinMs) => {
      draining = true;
      for (const connection of open) connection.close(closeCodes.restart, reason);
      const cancel = clock.after(withinMs, () => {
        for (const stream of streams) stream.destroy();
      });
      await Promise.all([...streams].map((stream) => once(stream, 'close').catch(() => stream.destroy())));
      cancel();
    },
  };
}

/** v3 clients expect an empty body, a closed connection and the reason in this header. */
function refuse(stream: Duplex, error: AppError): void {
  if (stream.destroyed || !stream.writable) return;
  const reason = cutToBytes(error.message.replaceAll(/[^\u0020-\u007e]+/gu, '?'), 200);
  // RFC 9110 §15.5.2.
  const challenge = error.code === 'unauthorized' ? 'WWW-Authenticate: Bearer\r\n' : '';
  stream.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? 'Refused'}\r\nConnection: close\r\n` +
      `Content-Length: 0\r\n${challenge}X-WebSocket-Reject-Reason: ${reason}\r\n\r\n`,
  );
  // A client that never reads must not keep the socket.
  stream.once('finish', () => stream.destroy());
}
