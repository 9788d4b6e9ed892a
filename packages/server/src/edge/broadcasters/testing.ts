import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog, Tasks } from '@potluck/kernel';
import { ConnectionQuery, Grant, type RtpParameters } from '@potluck/protocol';
import { FakeClock, FakeFabric, fakeRtpCapabilities, settle, SignallingClient } from '@potluck/testkit';
import express from 'express';
import { z } from 'zod';
import { Broadcasting, type BroadcastingSettings } from '../../room/broadcasting.ts';
import { RoomRegistry } from '../../room/registry.ts';
import { Sessions } from '../../session/sessions.ts';
import { broadcasterRoutes } from './router.ts';

const limits = {
  maxPeers: 10,
  maxTransportsPerPeer: 3,
  maxProducersPerPeer: 3,
  maxDataProducersPerPeer: 3,
  maxFileBytes: 1_000_000,
  maxFilesPerPeer: 3,
  chatHistory: 5,
  loudestSpeakers: 12,
};
const sessionSettings = {
  serverVersion: '0.0.0',
  mediasoupVersion: '3.27.1',
  iceServers: [],
  maxIncomingBitrate: 0,
  graceMs: 30_000,
  reconnectingAfterMs: 2_000,
  iceConsentTimeoutMs: 20_000,
};
const standard: BroadcastingSettings = {
  maxPerRoom: 2,
  maxConsumers: 2,
  idleMs: 30_000,
  requireSecret: false,
  iceConsentTimeoutMs: 20_000,
};

const Someone = z.object({
  id: z.string(),
  kind: z.string().optional(),
  displayName: z.string().optional(),
  device: z.object({ flag: z.string() }).optional(),
  producers: z.array(z.object({ id: z.string(), kind: z.string() })),
});
/** Any answer; what it has not is empty. */
const Answer = z.looseObject({
  id: z.string().default(''),
  secret: z.string().default(''),
  peers: z.array(Someone).default([]),
  participants: z.array(Someone).default([]),
  sctpParameters: z.object({ port: z.number() }).optional(),
});

export type Call = { body?: unknown; raw?: string; headers?: Record<string, string> };

/** The grants of credentials; without one, nothing special. */
type Grants = { readonly [credential: string]: Partial<Grant> };

/** The routes on a server of their own, over rooms in memory. */
export async function start(settings: Partial<BroadcastingSettings> = {}, grants: Grants = {}) {
  const fabric = new FakeFabric();
  const clock = new FakeClock();
  const registry = new RoomRegistry(
    fabric,
    { maxRooms: 3, maxConsumerReplicas: 0, accessMode: 'open', limits },
    silentLog,
  );
  const tasks = new Tasks((name, error) => assert.fail(`${name}: ${String(error)}`));
  const broadcasting = new Broadcasting({ registry, tasks, log: silentLog, clock }, { ...standard, ...settings });
  const sessions = new Sessions({
    registry,
    services: { settings: sessionSettings, throttle: undefined },
    log: silentLog,
    clock,
  });
  const access = {
    grantOverHttp: async (credential: string | undefined) => Grant.parse((credential && grants[credential]) || {}),
  };
  const app = express();
  app.use(
    broadcasterRoutes({ broadcasting, access, clientAddress: (peer) => peer ?? '', log: silentLog }),
    (_request, response) => {
      response.status(404).send('nothing here');
    },
  );
  const server: Server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const call = async (method: string, path: string, { body, raw, headers = {} }: Call = {}) => {
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(text !== undefined && { body: text }),
    });
    const answer = await response.text();
    return {
      status: response.status,
      reason: response.statusText,
      type: response.headers.get('content-type'),
      text: answer,
      json: () => Answer.parse(JSON.parse(answer)),
      keys: () => Object.keys(z.looseObject({}).parse(JSON.parse(answer))),
    };
  };
  const enter = async (peerId: string) => {
    const client = new SignallingClient('v3');
    const admission = await sessions.admit(ConnectionQuery.parse({ roomId: 'r', peerId }));
    const { socket, cut } = client.connect();
    admission.attach(socket);
    await settle();
    return Object.assign(client, { cut });
  };
  const join = async (peerId: string) => {
    const client = await enter(peerId);
    await client.request('createWebRtcTransport', { consuming: true, sctpCapabilities: {} });
    const { id: transportId } = await client.request('createWebRtcTransport', {
      producing: true,
      sctpCapabilities: {},
    });
    const { peers } = await client.request('join', {
      displayName: peerId,
      rtpCapabilities: fakeRtpCapabilities,
      sctpCapabilities: {},
    });
    const Peers = z.array(z.object({ id: z.string(), device: z.object({ flag: z.string() }) }));
    return Object.assign(client, { transportId: z.string().parse(transportId), peers: Peers.parse(peers) });
  };
  return {
    ...{ fabric, clock, registry, tasks, broadcasting, call, enter, join },
    [Symbol.asyncDispose]: async () => {
      registry.close('the test is over');
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      assert.equal(clock.waiting, 0, 'a timer was left behind');
    },
  };
}

export type Started = Awaited<ReturnType<typeof start>>;

export const newcomer = { id: 'b', displayName: 'Big Buck', device: { name: 'ffmpeg', version: '5' } };
export const at = '/rooms/r/broadcasters';

export async function create({ call }: Started, more: object = {}) {
  const answer = await call('POST', at, { body: { ...newcomer, ...more } });
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
}

export async function plainTransport({ call }: Started, options: object = {}) {
  const answer = await call('POST', `${at}/b/transports`, { body: { type: 'plain', ...options } });
  assert.equal(answer.status, 200, answer.text);
  return Object.assign(answer.json(), { keys: answer.keys() });
}

/** What the well-known scripts send. */
export const scriptAudio: RtpParameters = {
  codecs: [
    { mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2, parameters: { 'sprop-stereo': 1 } },
  ],
  encodings: [{ ssrc: 1111 }],
};
export const scriptVideo: RtpParameters = {
  codecs: [{ mimeType: 'video/vp8', payloadType: 101, clockRate: 90_000 }],
  encodings: [{ ssrc: 2222 }],
};
