/** Somebody who holds a valid token of a viewer tries everything else. Each try is refused, and logged once. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeRtpParameters, settle, waitFor } from '@potluck/testkit';
import { startServer, type TestServer } from '@potluck/testkit/server';
import {
  joinV3,
  madeUpDtls,
  openV3,
  refusedUpgrade,
  V3Error,
  type JoinedV3,
  type V3Client,
} from '@potluck/testkit/v3-client';
import { SignJWT, UnsecuredJWT } from 'jose';
import { WebSocket } from 'ws';
import { askRaw, sendRaw, statusOf } from './raw.ts';

type World = {
  server: TestServer;
  port: number;
  token: string;
  viewer: JoinedV3;
  host: JoinedV3;
  producerId: string;
  consumerId: string;
};
/** What the attacker got: a status of HTTP or of an answer, a close code. */
type Outcome = number;
type Attack = { name: string; wanted: number | readonly number[]; run: (world: World) => Promise<Outcome> };

const ask = (client: V3Client, method: string, data: unknown): Promise<Outcome> =>
  client.request(method, data).then(
    () => 200,
    (error: unknown) => {
      if (error instanceof V3Error) return error.errorCode;
      throw error;
    },
  );
const asViewer = (name: string, wanted: number, method: string, data: (world: World) => unknown): Attack => ({
  name,
  wanted,
  run: (world) => ask(world.viewer.client, method, data(world)),
});
const upgrade = (
  name: string,
  wanted: number,
  query: (world: World) => string | Promise<string>,
  protocols?: string[],
): Attack => ({
  name,
  wanted,
  run: async (world) => (await refusedUpgrade(`${world.server.ws}?${await query(world)}`, protocols)).status,
});
const http = (name: string, wanted: number | readonly number[], target: string, options = {}): Attack => ({
  name,
  wanted,
  run: async ({ port, token }) =>
    (
      await askRaw(port, target, {
        headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
        ...options,
      })
    ).status,
});
const raw = (name: string, wanted: number, bytes: string): Attack => ({
  name,
  wanted,
  run: async ({ port }) => statusOf(await sendRaw(port, bytes)),
});
const inOneHour = () => Math.floor(Date.now() / 1000) + 3_600;
const forged = (claims: object, alg = 'HS256') =>
  new SignJWT({ iss: 'potluck', room: '*', role: 'host', exp: inOneHour(), ...claims })
    .setProtectedHeader({ alg })
    .sign(Buffer.alloc(32, 'guess'));
/** A socket of the attacker, given away to be broken. */
async function broken({ server, token }: World, act: (socket: WebSocket) => void): Promise<Outcome> {
  const socket = new WebSocket(`${server.ws}?roomId=open-day&peerId=x&token=${token}`, ['protoo']);
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.on('open', () => act(socket)).on('error', () => {});
  socket.on('close', resolve);
  return promise;
}

const video = { kind: 'video', rtpParameters: fakeRtpParameters('video'), appData: {} };
const attacks: Attack[] = [
  asViewer('publish a camera', 403, 'produce', ({ viewer }) => ({ ...video, transportId: viewer.receive?.id })),
  asViewer('publish on the transport of another', 403, 'produce', ({ host }) => ({
    ...video,
    transportId: host.send?.id,
  })),
  asViewer('publish as a screen', 403, 'produce', ({ viewer }) => ({
    ...video,
    transportId: viewer.receive?.id,
    appData: { share: true, role: 'host', permissions: ['publishScreen'] },
  })),
  asViewer('open a data channel', 403, 'produceData', ({ viewer }) => ({
    transportId: viewer.receive?.id,
    sctpStreamParameters: { streamId: 1 },
    label: 'x',
  })),
  asViewer('connect the transport of another', 404, 'connectWebRtcTransport', ({ host }) => ({
    transportId: host.send?.id,
    dtlsParameters: madeUpDtls,
  })),
  asViewer('restart ICE of another', 404, 'restartIce', ({ host }) => ({ transportId: host.send?.id })),
  asViewer('close the transport of another', 404, 'closeTransport', ({ host }) => ({ transportId: host.send?.id })),
  asViewer('read the transport of another', 404, 'getTransportStats', ({ host }) => ({
    transportId: host.receive?.id,
  })),
  asViewer('close the producer of another', 404, 'closeProducer', ({ producerId }) => ({ producerId })),
  asViewer('pause the producer of another', 404, 'pauseProducer', ({ producerId }) => ({ producerId })),
  asViewer('read the producer of another', 404, 'getProducerStats', ({ producerId }) => ({ producerId })),
  asViewer('pause the consumer of another', 404, 'pauseConsumer', ({ consumerId }) => ({ consumerId })),
  asViewer('lower the layers of another', 404, 'setConsumerPreferredLayers', ({ consumerId }) => ({
    consumerId,
    spatialLayer: 0,
  })),
  asViewer('read the consumer of another', 404, 'getConsumerStats', ({ consumerId }) => ({ consumerId })),
  asViewer('ask for key frames of another', 404, 'requestConsumerKeyFrame', ({ consumerId }) => ({ consumerId })),
  asViewer('put out the host', 403, 'kick', () => ({ peerId: 'host' })),
  asViewer('put out the host for good', 403, 'ban', () => ({ peerId: 'host' })),
  asViewer('mute the host', 403, 'muteParticipant', () => ({ peerId: 'host', source: 'microphone' })),
  asViewer('lock the room', 403, 'setLocked', () => ({ locked: true })),
  asViewer('set a password', 403, 'setPassword', () => ({ password: 'mine' })),
  asViewer('let somebody in', 403, 'admitWaiting', () => ({ peerId: 'friend' })),
  asViewer('make itself host', 403, 'setRole', () => ({ peerId: 'viewer', role: 'host' })),
  asViewer('give itself a right', 403, 'setPermission', () => ({
    peerId: 'viewer',
    permission: 'publishVideo',
    allowed: true,
  })),
  asViewer('end the meeting', 403, 'endRoom', () => ({})),
  asViewer('throttle the network', 403, 'applyNetworkThrottle', () => ({ secret: '', uplink: 1 })),
  asViewer('call a member of Object', 404, 'constructor', () => ({})),
  asViewer('call __proto__', 404, '__proto__', () => ({})),
  asViewer('nest without end', 400, 'changeDisplayName', () => ({
    displayName: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`),
  })),
  asViewer('join a second time', 409, 'join', () => ({ displayName: 'x', role: 'host', permissions: ['kick'] })),

  upgrade('enter a private room', 401, ({ token }) => `roomId=private&peerId=x&token=${token}`),
  upgrade('enter without a token', 401, () => 'roomId=open-day&peerId=x'),
  upgrade('change the role in the token', 401, ({ token }) => {
    const [head, body = '', signature] = token.split('.');
    const claims = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), role: 'host' };
    return `roomId=open-day&peerId=x&token=${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
  }),
  upgrade('leave the token unsigned', 401, () => {
    const token = new UnsecuredJWT({ iss: 'potluck', room: '*', role: 'host', exp: inOneHour() }).encode();
    return `roomId=open-day&peerId=x&token=${token}`;
  }),
  upgrade('sign with a guessed secret', 401, async () => `roomId=open-day&peerId=x&token=${await forged({})}`),
  upgrade('show an expired token', 401, async ({ server }) => {
    const wish = { room: '*', role: 'host', lifetimeSeconds: -60 } as const;
    return `roomId=open-day&peerId=x&token=${(await server.app.access.issue(wish)).token}`;
  }),
  upgrade('show a token without end', 401, () => `roomId=open-day&peerId=x&token=${'a'.repeat(8_000)}`),
  upgrade('take the id of the host', 409, ({ token }) => `roomId=open-day&peerId=host&token=${token}`),
  upgrade(
    'take over the session of the host',
    409,
    ({ token }) =>
      `roomId=open-day&peerId=host&token=${token}&client=potluck&resume=00000000-0000-4000-8000-000000000000&ack=0`,
  ),
  upgrade(
    'put a header into the name of a room',
    400,
    ({ token }) => `roomId=a%0d%0aSet-Cookie:x&peerId=x&token=${token}`,
  ),
  upgrade('offer another sub-protocol', 403, ({ token }) => `roomId=open-day&peerId=x&token=${token}`, ['mqtt']),

  http('list rooms', 401, '/api/v1/rooms'),
  http('make a token for itself', 401, '/api/v1/tokens', { method: 'POST' }),
  http('read what a private room can', 401, '/rooms/private'),
  http('put a broadcaster into a private room', 401, '/rooms/private/broadcasters', {
    method: 'POST',
    body: JSON.stringify({ id: 'b', displayName: 'B', device: { name: 'x' } }),
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer x.y.z' },
  }),
  http('climb to the secrets', [400, 403, 404], '/..%2f..%2f..%2f..%2ftoken-secret'),
  http('climb with dots', [400, 403, 404], '/assets/../../../../../etc/passwd'),
  http('climb with a null', [400, 403, 404], '/assets/%2e%2e/%00/token-secret'),
  http('send a body without end', 413, '/rooms/open-day/broadcasters', {
    method: 'POST',
    body: JSON.stringify({ id: 'x'.repeat(200_000) }),
    headers: { 'Content-Type': 'application/json' },
  }),
  raw('send a header without end', 431, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
  raw(
    'smuggle a second request',
    400,
    'POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/v1/rooms HTTP/1.1\r\n\r\n',
  ),
  raw(
    'smuggle by a line end of its own',
    400,
    'GET /health HTTP/1.1\r\nHost: x\r\nX: a\nTransfer-Encoding : chunked\r\n\r\n',
  ),

  {
    name: 'send a message without end',
    wanted: 1009,
    run: (world) => broken(world, (s) => s.send('x'.repeat(961_000))),
  },
  {
    name: 'send what is no text as text',
    wanted: 1007,
    run: (world) => broken(world, (s) => s.send(Buffer.from([0xc3, 0x28]), { binary: false })),
  },
  {
    name: 'send without pause',
    wanted: 1008,
    run: (world) =>
      broken(world, (s) => {
        for (let n = 0; n < 4_000; n += 1) s.send('{}');
      }),
  },
];

const refusals =
  /"message":"(request refused|connection refused|credential refused|malformed request refused|socket failed|client sends too many messages)"/u;

describe('an attacker with the token of a viewer', () => {
  let world: World | undefined;
  const issued: string[] = [];
  const logged: string[] = [];

  before(async () => {
    const server = await startServer({ access: { mode: 'members' } });
    const tokenFor = async (room: string, role: 'host' | 'viewer') => {
      const { token } = await server.app.access.issue({ room, role, lifetimeSeconds: 600 });
      issued.push(token);
      return token;
    };
    const enter = async (roomId: string, peerId: string, role: 'host' | 'viewer') => {
      const token = await tokenFor(roomId, role);
      return joinV3(await openV3(server.ws, { roomId, peerId, query: `token=${token}` }));
    };
    const host = await enter('open-day', 'host', 'host');
    const second = await enter('open-day', 'second', 'host');
    await enter('private', 'ceo', 'host');
    const viewer = await enter('open-day', 'viewer', 'viewer');
    const producerId = await host.produce('audio');
    const { id: consumerId } = await second.client.hear('newConsumer');
    await viewer.client.hear('newConsumer');
    const token = await tokenFor('open-day', 'viewer');
    world = { server, port: server.app.httpPort ?? 0, token, viewer, host, producerId, consumerId };
  });
  after(async () => {
    await world?.server[Symbol.asyncDispose]();
  });

  assert.ok(attacks.length >= 40, `${attacks.length} attacks`);
  assert.equal(new Set(attacks.map(({ name }) => name)).size, attacks.length);

  for (const { name, wanted, run } of attacks) {
    it(`cannot ${name}`, async () => {
      assert.ok(world);
      const lines = world.server.logLines as string[];
      logged.push(...lines.splice(0));
      const outcome = await run(world);
      assert.ok([wanted].flat().includes(outcome), `got ${outcome}, wanted ${[wanted].flat().join(' or ')}`);
      await waitFor(() => lines.some((line) => refusals.test(line)), { what: 'the line in the log' });
      await settle();
      assert.deepEqual(lines.filter((line) => refusals.test(line)).length, 1, lines.join('\n'));
    });
  }

  it('has changed nothing, and nothing secret stands in the log', async () => {
    assert.ok(world);
    const { server, viewer, host, producerId } = world;
    assert.equal(host.client.closed, undefined);
    assert.equal(viewer.client.closed, undefined);
    assert.ok((await host.client.request('getProducerStats', { producerId })).length >= 0);
    await host.client.request('closeProducer', { producerId });
    logged.push(...server.logLines);
    const text = logged.join('\n');
    assert.ok(text.includes('request refused'));
    for (const token of issued) assert.ok(!text.includes(token.split('.')[2] ?? token), 'a token in the log');
    assert.doesNotMatch(text, /fingerprint|iceParameters|"password":"(?!\[hidden)|a=candidate/u);
  });
});
