import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger, Tasks, type LogRecord } from '@potluck/kernel';
import { doorRoutes, httpRoutes } from '@potluck/protocol';
import { fakeRtpCapabilities, fakeRtpParameters } from '@potluck/testkit';
import { Access } from '../../packages/server/src/access/access.ts';
import { secretKey } from '../../packages/server/src/access/issuing.ts';
import { TokenVerifier } from '../../packages/server/src/access/verifier.ts';
import { adminApi } from '../../packages/server/src/edge/admin/router.ts';
import { adminRoutes } from '../../packages/server/src/edge/admin/routes.ts';
import { broadcasterRoutes } from '../../packages/server/src/edge/broadcasters/router.ts';
import { doorApi } from '../../packages/server/src/edge/door/router.ts';
import { createHttpApp } from '../../packages/server/src/edge/http.ts';
import { Broadcasting } from '../../packages/server/src/room/broadcasting.ts';
import { Reservations } from '../../packages/server/src/room/reserving.ts';
import { startSessions } from '../../packages/server/src/session/testing.ts';
import { textOf, type Door } from './evolve.ts';

const apiKey = 'the-key-of-the-API-that-nobody-guesses';
const secret = Buffer.alloc(32, 3).toString('base64url');
const id = 'b';
const bodies: { readonly [name: string]: object } = {
  createBroadcaster: { id, displayName: 'B', device: { name: 'x', version: 1 }, rtpCapabilities: fakeRtpCapabilities },
  createTransport: { type: 'plain', rtcpMux: true, comedia: false },
  createProducer: { kind: 'audio', rtpParameters: fakeRtpParameters('audio'), paused: false },
  connectTransport: { ip: '127.0.0.1', port: 5_000, rtcpPort: 5_001 },
  openRoom: { roomId: 'kept', locked: true, password: 'p', maxPeers: 3, keepSeconds: 60 },
  changeRoom: { locked: false, password: null, maxPeers: 2 },
  makeToken: { room: '*', role: 'host', name: 'N', seconds: 60, allow: ['ban'], deny: [] },
  setDraining: { draining: false },
  askDoor: { roomId: 'r', peerId: 'p', resume: 'x' },
};

/** Every route of HTTP, over a real listener on loopback; media in memory. */
export async function httpDoor(): Promise<Door> {
  const records: LogRecord[] = [];
  const log = new Logger({ enabled: (_, level) => level === 'error', write: (record) => records.push(record) }, 'fuzz');
  const { registry, sessions, fabric } = startSessions('open');
  const key = { algorithms: ['HS256'], key: secretKey(secret) };
  const verifier = new TokenVerifier([{ keys: [key], algorithms: ['HS256'] }], { maxLifetimeSeconds: 86_400 });
  const access = new Access({ verifier, tokenSecret: secret, apiKey, mode: 'open', log });
  const tasks = new Tasks((_name, error) =>
    records.push({ level: 'error', namespace: 'task', message: String(error) } as LogRecord),
  );
  const limits = { maxPerRoom: 5, maxConsumers: 5, idleMs: 60_000, requireSecret: false, iceConsentTimeoutMs: 20_000 };
  const broadcasting = new Broadcasting({ registry, tasks, log }, limits);
  let caller = 0;
  // Everybody comes from an address of its own: this is not about those who try often.
  const clientAddress = () => `10.${(caller >> 16) % 256}.${(caller >> 8) % 256}.${(caller += 1) % 256}`;
  const app = createHttpApp(
    {
      log,
      health: () => ({ ok: true }) as never,
      routes: [
        broadcasterRoutes({ broadcasting, access, clientAddress, log }),
        doorApi({
          look: (question, grant, address) => sessions.look(question, grant, address),
          checkSockets: () => {},
          access,
          allowedOrigins: [],
          clientAddress,
          log,
        }),
        adminApi({
          registry,
          fabric,
          reservations: new Reservations(registry),
          access,
          links: () => ({ local: 'http://localhost/', others: [] }),
          setDraining: () => {},
          clientAddress,
          log,
          clock: { now: () => caller * 100, after: () => () => {} },
        }),
      ],
    },
    { webFolder: '/nonexistent', realCertificate: false },
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method: string, path: string, body: string, headers: { [name: string]: string }) =>
    new Promise<number>((resolve, reject) => {
      const asked = request({
        agent,
        port,
        method,
        path,
        headers: { 'Content-Length': Buffer.byteLength(body), ...headers },
      });
      asked.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)));
      asked.on('error', reject);
      asked.end(body);
    });
  const routes = Object.entries({ ...httpRoutes, ...doorRoutes, ...adminRoutes });
  const seedOf = ([name, { method, path }]: (typeof routes)[number]) =>
    JSON.stringify([
      [
        method.toUpperCase(),
        path.replace(':roomId', 'r').replace(':broadcasterId', id).replaceAll(/:\w+/gu, 'x'),
        bodies[name] ?? {},
      ],
    ]);
  const story = [
    ['POST', '/rooms/r/broadcasters', bodies['createBroadcaster']],
    ['POST', `/rooms/r/broadcasters/${id}/transports`, bodies['createTransport']],
    ['GET', `/rooms/r/broadcasters/${id}`, {}],
    ['DELETE', `/rooms/r/broadcasters/${id}`, {}],
  ];
  return {
    name: 'http',
    batch: 50,
    seeds: [...routes.map(seedOf), JSON.stringify(story)],
    async run(text) {
      for (const [method, path, body] of requestsOf(text)) {
        const bytes = typeof body === 'string' ? body : JSON.stringify(body ?? {});
        const headers = {
          'Content-Type': 'application/json',
          // Without it errors of broadcasters are those of v3: 500 for everything.
          Accept: 'application/problem+json',
          ...(!path.startsWith('/rooms') && { Authorization: `Bearer ${apiKey}` }),
        };
        const status = await send(method, path, bytes, headers);
        if (status === 500 || records.length > 0)
          throw new Error(`${method} ${path}: ${status} ${JSON.stringify(records)}`);
      }
    },
    async close() {
      agent.destroy();
      server.close();
      registry.close('over');
      await tasks.idle();
    },
  };
}

/** At most four requests of which HTTP itself can be made; what Node's own client refuses is no case of ours. */
function requestsOf(text: string): [method: string, path: string, body: unknown][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(parsed)) return [];
  return parsed
    .filter((one): one is unknown[] => Array.isArray(one))
    .slice(0, 4)
    .map(([method, path, body]) => [
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].find((known) => known === method) ?? 'POST',
      `/${textOf(path)
        .replace(/^\//u, '')
        .replaceAll(/[^\u0021-\u007e]/gu, (bad) => encodeURIComponent(bad.isWellFormed() ? bad : '?'))}`,
      body,
    ]);
}
