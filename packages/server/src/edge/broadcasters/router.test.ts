import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { silentLog, Tasks } from '@potluck/kernel';
import { ConnectionQuery, PeerId, RoomId, type RtpParameters } from '@potluck/protocol';
import {
  FakeClock,
  FakeFabric,
  fakeRtpCapabilities,
  fakeRtpParameters,
  settle,
  SignallingClient,
} from '@potluck/testkit';
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
  chatHistory: 5,
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

type Call = { body?: unknown; raw?: string; headers?: Record<string, string> };

async function start(settings: Partial<BroadcastingSettings> = {}) {
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
  const app = express();
  app.use(
    broadcasterRoutes({ broadcasting, clientAddress: (peer) => peer ?? '', log: silentLog }),
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
      assert.equal(clock.waiting, 0, 'a timer was left behind');
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Started = Awaited<ReturnType<typeof start>>;

const newcomer = { id: 'b', displayName: 'Big Buck', device: { name: 'ffmpeg', version: '5' } };
const at = '/rooms/r/broadcasters';

async function create({ call }: Started, more: object = {}) {
  const answer = await call('POST', at, { body: { ...newcomer, ...more } });
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
}

async function plainTransport({ call }: Started, options: object = {}) {
  const answer = await call('POST', `${at}/b/transports`, { body: { type: 'plain', ...options } });
  assert.equal(answer.status, 200, answer.text);
  return Object.assign(answer.json(), { keys: answer.keys() });
}

/** What the well-known scripts send. */
const scriptAudio: RtpParameters = {
  codecs: [
    { mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2, parameters: { 'sprop-stereo': 1 } },
  ],
  encodings: [{ ssrc: 1111 }],
};
const scriptVideo: RtpParameters = {
  codecs: [{ mimeType: 'video/vp8', payloadType: 101, clockRate: 90_000 }],
  encodings: [{ ssrc: 2222 }],
};

describe('the broadcaster routes', () => {
  it('serve the sequence of the well-known scripts', async () => {
    await using server = await start();
    const { call, fabric } = server;
    const capabilities = await call('GET', '/rooms/r');
    assert.equal(capabilities.status, 200);
    assert.deepEqual(JSON.parse(capabilities.text), fakeRtpCapabilities);

    assert.deepEqual((await create(server)).peers, []);
    const audio = await plainTransport(server, { comedia: true, rtcpMux: false });
    const video = await plainTransport(server, { comedia: true, rtcpMux: false });
    assert.deepEqual(audio.keys, ['id', 'ip', 'port', 'rtcpPort']);
    for (const [transport, kind, rtpParameters] of [
      [audio, 'audio', scriptAudio],
      [video, 'video', scriptVideo],
    ] as const) {
      const producer = await call('POST', `${at}/b/transports/${transport.id}/producers`, {
        body: { kind, rtpParameters },
      });
      assert.equal(producer.status, 200, producer.text);
      assert.deepEqual(producer.keys(), ['id']);
    }
    assert.equal(fabric.room('r').producers.size, 2);

    const deleted = await call('DELETE', `${at}/b`);
    assert.equal(deleted.status, 200);
    assert.equal(deleted.type, 'text/html; charset=utf-8');
    assert.equal(deleted.text.length, 19);
    assert.deepEqual(fabric.openRooms, []);
  });

  it('leave rtcpPort out when RTP and RTCP share a port, and default to comedia', async () => {
    await using server = await start();
    await create(server);
    assert.deepEqual((await plainTransport(server, { rtcpMux: true })).keys, ['id', 'ip', 'port']);
    const [transport] = server.fabric.room('r').transports.values();
    assert.deepEqual(transport?.options, { kind: 'plain', rtcpMux: true, comedia: true });
  });

  it('give a WebRTC transport with data channels only when asked, and connect it with an empty answer', async () => {
    await using server = await start();
    const { call } = server;
    await create(server);
    const without = await call('POST', `${at}/b/transports`, { body: { type: 'webrtc', rtcpMux: true } });
    assert.equal(without.keys().includes('sctpParameters'), false);
    const made = await call('POST', `${at}/b/transports`, {
      body: { type: 'webrtc', sctpCapabilities: { numStreams: { OS: 1024, MIS: 1024 } } },
    });
    const { id, sctpParameters } = made.json();
    assert.equal(sctpParameters?.port, 5000);
    const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: '00:11' }] };
    const connected = await call('POST', `${at}/b/transports/${id}/connect`, { body: { dtlsParameters } });
    assert.deepEqual([connected.status, connected.text], [200, '']);
    assert.match(connected.type ?? '', /^application\/json/);
  });

  it('let a broadcaster send and receive data', async () => {
    await using server = await start();
    const { call } = server;
    await create(server, { rtpCapabilities: fakeRtpCapabilities });
    const { id } = (
      await call('POST', `${at}/b/transports`, { body: { type: 'webrtc', sctpCapabilities: {} } })
    ).json();
    const producer = await call('POST', `${at}/b/transports/${id}/produce/data`, {
      body: { label: 'chat', protocol: '', sctpStreamParameters: { streamId: 0, ordered: false, maxRetransmits: 1 } },
    });
    assert.equal(producer.status, 200, producer.text);
    const consumer = await call('POST', `${at}/b/transports/${id}/consume/data`, {
      body: { dataProducerId: producer.json().id },
    });
    assert.equal(consumer.status, 200, consumer.text);
    assert.equal(typeof consumer.json()['streamId'], 'number');
  });

  it('let it consume by the query, and tell it at creation what there is', async () => {
    await using server = await start();
    const { call } = server;
    const ann = await server.join('ann');
    const { id: producerId } = await ann.request('produce', {
      transportId: ann.transportId,
      kind: 'video',
      rtpParameters: fakeRtpParameters('video'),
    });
    const { peers } = await create(server, { rtpCapabilities: fakeRtpCapabilities });
    assert.deepEqual(
      peers.map(({ id, displayName, producers }) => ({ id, displayName, producers })),
      [{ id: 'ann', displayName: 'ann', producers: [{ id: producerId, kind: 'video' }] }],
    );
    const { id } = await plainTransport(server);
    const consumed = await call('POST', `${at}/b/transports/${id}/consume?producerId=${producerId}`);
    assert.equal(consumed.status, 200, consumed.text);
    assert.deepEqual(consumed.keys(), ['id', 'producerId', 'kind', 'rtpParameters', 'type']);
    const [consumer] = server.fabric.room('r').consumers.values();
    assert.equal(consumer?.paused, false);
    await call('DELETE', `${at}/b`);
    assert.equal([...server.fabric.room('r').consumers.values()].length, 0);
    ann.cut();
  });

  it('list for a broadcaster only what its capabilities can receive', async () => {
    await using server = await start();
    const ann = await server.join('ann');
    for (const kind of ['audio', 'video'] as const) {
      await ann.request('produce', { transportId: ann.transportId, kind, rtpParameters: fakeRtpParameters(kind) });
    }
    const onlyOpus = { codecs: fakeRtpCapabilities.codecs?.filter(({ kind }) => kind === 'audio') };
    const { peers } = await create(server, { rtpCapabilities: onlyOpus });
    assert.deepEqual(
      peers[0]?.producers.map(({ kind }) => kind),
      ['audio'],
    );
  });

  it('tell the peers in order: newPeer, newConsumer, and at the end peerClosed, consumerClosed', async () => {
    await using server = await start();
    const { call } = server;
    const ann = await server.join('ann');
    await create(server);
    const { id } = await plainTransport(server);
    await call('POST', `${at}/b/transports/${id}/producers`, { body: { kind: 'audio', rtpParameters: scriptAudio } });
    const rtc = (await call('POST', `${at}/b/transports`, { body: { type: 'webrtc', sctpCapabilities: {} } })).json();
    await call('POST', `${at}/b/transports/${rtc.id}/produce/data`, {
      body: { label: 'telemetry', sctpStreamParameters: { streamId: 3 } },
    });
    await settle();
    await call('DELETE', `${at}/b`);
    await settle();
    const heard = ann
      .names()
      .filter((name) =>
        /^(newPeer|newConsumer|newDataConsumer|peerClosed|consumerClosed|dataConsumerClosed)$/.test(name),
      );
    assert.deepEqual(heard, [
      'newDataConsumer', // the bot's
      'newPeer',
      'newConsumer',
      'newDataConsumer',
      'peerClosed',
      'consumerClosed',
      'dataConsumerClosed',
    ]);
    const [told] = ann.notices('newPeer');
    assert.deepEqual(told, {
      id: 'b',
      displayName: 'Big Buck',
      device: { flag: 'broadcaster', name: 'ffmpeg', version: '5' },
    });
    const late = await server.join('late');
    assert.deepEqual(
      late.peers.map(({ id: peerId }) => peerId),
      ['ann'],
    );
  });

  it('show a broadcaster to those who join later', async () => {
    await using server = await start();
    await create(server);
    const late = await server.join('late');
    assert.deepEqual(
      late.peers.map(({ device }) => device.flag),
      ['broadcaster'],
    );
  });

  it('open no room for longer than it has somebody in it', async () => {
    await using server = await start();
    await server.call('GET', '/rooms/only-looked-at');
    assert.deepEqual(server.fabric.openRooms, []);
    assert.equal(server.fabric.rooms.length, 1);
  });

  it('tell a broadcaster about the others and its own traffic', async () => {
    await using server = await start();
    await server.join('ann');
    await create(server);
    const { id } = await plainTransport(server);
    const status = await server.call('GET', `${at}/b`);
    assert.equal(status.status, 200, status.text);
    const { participants, transports, producers } = status.json();
    assert.deepEqual(
      participants.map((other) => [other.id, other.kind]),
      [['ann', 'peer']],
    );
    assert.deepEqual(transports, [{ id, bytesReceived: 0, bytesSent: 0 }]);
    assert.deepEqual(producers, []);
  });

  it('send to the caller itself without comedia, and to nobody else', async () => {
    await using server = await start();
    const { call, fabric } = server;
    await create(server);
    const { id } = await plainTransport(server, { comedia: false, rtcpMux: true });
    const path = `${at}/b/transports/${id}/connect`;
    const elsewhere = await call('POST', path, { body: { ip: '198.51.100.7', port: 5004 } });
    assert.equal(elsewhere.status, 403);
    assert.match(elsewhere.text, /127\.0\.0\.1/);
    assert.equal((await call('POST', path, { body: { ip: '127.0.0.1', port: 5004 } })).status, 200);
    assert.deepEqual([...fabric.room('r').transports.values()][0]?.connected, { ip: '127.0.0.1', port: 5004 });
  });
});

describe('the secret of a broadcaster', () => {
  const bearer = (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } });

  it('is not asked for by default, but a wrong one is refused', async () => {
    await using server = await start();
    const { secret } = await create(server);
    assert.equal((await server.call('DELETE', `${at}/b`, bearer(`${secret}x`))).status, 403);
    assert.equal((await server.call('GET', `${at}/b`, bearer(secret))).status, 200);
    assert.equal((await server.call('DELETE', `${at}/b`)).status, 200);
  });

  it('is needed on every route once it is required', async () => {
    await using server = await start({ requireSecret: true });
    const { secret } = await create(server);
    const paths = ['transports/t/producers', 'transports/t/connect', 'transports/t/consume?producerId=p'];
    const bodies = [
      { kind: 'audio', rtpParameters: scriptAudio },
      { dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: '00' }] } },
      {},
    ];
    for (const [index, path] of paths.entries()) {
      assert.equal((await server.call('POST', `${at}/b/${path}`, { body: bodies[index] })).status, 401, path);
    }
    assert.equal((await server.call('DELETE', `${at}/b`)).status, 401);
    assert.equal((await server.call('DELETE', `${at}/b`, bearer(secret))).status, 200);
  });

  it('is different for every broadcaster', async () => {
    await using server = await start();
    const one = await create(server);
    const other = await create(server, { id: 'c' });
    assert.notEqual(one.secret, other.secret);
    assert.equal((await server.call('DELETE', `${at}/c`, bearer(one.secret))).status, 403);
  });
});

describe('limits and ids', () => {
  it('are kept: broadcasters of a room, transports, producers, consumers', async () => {
    await using server = await start();
    const { call } = server;
    await create(server, { rtpCapabilities: fakeRtpCapabilities });
    await create(server, { id: 'c' });
    const third = await call('POST', at, { body: { ...newcomer, id: 'd' } });
    assert.equal(third.status, 429);
    assert.match(third.text, /at most 2 broadcasters/);
    const transports = [await plainTransport(server), await plainTransport(server), await plainTransport(server)];
    assert.equal((await call('POST', `${at}/b/transports`, { body: { type: 'plain' } })).status, 429);
    const producer = (
      await call('POST', `${at}/b/transports/${transports[0]!.id}/producers`, {
        body: { kind: 'audio', rtpParameters: scriptAudio },
      })
    ).json();
    const consume = () => call('POST', `${at}/b/transports/${transports[1]!.id}/consume?producerId=${producer.id}`);
    const statuses = (await Promise.all([consume(), consume(), consume()])).map(({ status }) => status);
    assert.deepEqual(
      statuses.toSorted((a, b) => a - b),
      [200, 200, 429],
    );
  });

  it('keep the ids of broadcasters and peers apart, in both directions', async () => {
    await using server = await start();
    await server.join('ann');
    const asAnn = await server.call('POST', at, { body: { ...newcomer, id: 'ann' } });
    assert.equal(asAnn.status, 500);
    assert.match(asAnn.text, /already in use/);
    await create(server);
    assert.equal((await server.call('POST', at, { body: newcomer })).status, 500);
    const room = server.registry.get(RoomId.parse('r'));
    assert.throws(() => room?.admit(PeerId.parse('b'), { chatByNotice: false }), /belongs to a broadcaster/);
  });
});

describe('an idle broadcaster', () => {
  const pass = async ({ clock, tasks }: Started, ms: number) => {
    for (let left = ms; left > 0; left -= 5_000) {
      clock.advance(5_000);
      await tasks.idle();
    }
  };

  it('is put out, the never used one too, and its room with it', async () => {
    await using server = await start();
    await create(server);
    await pass(server, 25_000);
    assert.equal(server.broadcasting.size, 1);
    await pass(server, 10_000);
    assert.equal(server.broadcasting.size, 0);
    assert.deepEqual(server.fabric.openRooms, []);
  });

  it('lives on while packets come or its owner asks, and only then', async () => {
    await using server = await start();
    const { fabric } = server;
    await create(server);
    await plainTransport(server);
    let bytesReceived = 0;
    let bytesSent = 0;
    fabric.room('r').stats = async () => [{ bytesReceived, bytesSent: (bytesSent += 1000) }];
    for (let round = 0; round < 6; round++) {
      bytesReceived += 100;
      await pass(server, 20_000);
    }
    assert.equal(server.broadcasting.size, 1);
    for (let round = 0; round < 3; round++) {
      assert.equal((await server.call('GET', `${at}/b`)).status, 200);
      await pass(server, 25_000);
    }
    await pass(server, 35_000);
    assert.equal(server.broadcasting.size, 0);
  });

  it('leaves the room to those who are in it', async () => {
    await using server = await start();
    const ann = await server.join('ann');
    await create(server);
    await pass(server, 35_000);
    assert.deepEqual(
      ann.notices('peerClosed').map(({ peerId }) => peerId),
      ['b'],
    );
    assert.equal(server.registry.get(RoomId.parse('r'))?.closed, false);
  });
});

describe('bad requests', () => {
  const transport = `${at}/b/transports/TRANSPORT`;
  const big = JSON.stringify({ ...newcomer, displayName: 'x'.repeat(110_000) });
  const cases: [what: string, path: string, call: Call, status: number, problem: number, reason: RegExp][] = [
    ['a body that is not JSON', at, { raw: '{"id":' }, 400, 400, /JSON/],
    ['null as body', at, { raw: 'null' }, 400, 400, /JSON|null/],
    ['a list as body', at, { body: [] }, 400, 400, /object/],
    ['a body above 100 kB', at, { raw: big }, 413, 413, /too large/],
    ['no body', at, {}, 400, 400, /id is missing/],
    ['an empty id', at, { body: { ...newcomer, id: '' } }, 400, 400, /must not be empty/],
    ['a long id', at, { body: { ...newcomer, id: 'x'.repeat(129) } }, 400, 400, /at most 128/],
    ['an id that is a number', at, { body: { ...newcomer, id: 7 } }, 400, 400, /id: .*string/],
    ['no name', at, { body: { id: 'z', device: newcomer.device } }, 400, 400, /displayName is missing/],
    ['an empty name', at, { body: { ...newcomer, displayName: '' } }, 400, 400, /displayName/],
    ['no device', at, { body: { ...newcomer, device: null } }, 400, 400, /device is missing/],
    ['a device without name', at, { body: { ...newcomer, device: {} } }, 400, 400, /device\.name is missing/],
    ['bad capabilities', at, { body: { ...newcomer, rtpCapabilities: 'all' } }, 400, 400, /rtpCapabilities/],
    ['no type of transport', `${at}/b/transports`, { body: {} }, 400, 400, /type/],
    ['an unknown type', `${at}/b/transports`, { body: { type: 'carrier pigeon' } }, 400, 400, /type/],
    ['rtcpMux as text', `${at}/b/transports`, { body: { type: 'plain', rtcpMux: 'yes' } }, 400, 400, /rtcpMux/],
    ['an unknown broadcaster', `${at}/nobody/transports`, { body: { type: 'plain' } }, 500, 404, /nobody/],
    ['an unknown room', '/rooms/x/broadcasters/b/transports', { body: { type: 'plain' } }, 500, 404, /room "x"/],
    [
      'an unknown transport',
      `${at}/b/transports/t/producers`,
      { body: { kind: 'audio', rtpParameters: scriptAudio } },
      500,
      404,
      /transport t/,
    ],
    [
      'connect of a plain transport',
      `${transport}/connect`,
      { body: { dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: '00' }] } } },
      500,
      409,
      /not a WebRTC transport/,
    ],
    ['connect without parameters', `${transport}/connect`, { body: {} }, 400, 400, /dtlsParameters is missing/],
    [
      'connect with bad parameters',
      `${transport}/connect`,
      { body: { dtlsParameters: { fingerprints: [] } } },
      400,
      400,
      /fingerprints/,
    ],
    [
      'connect of comedia by address',
      `${transport}/connect`,
      { body: { ip: '127.0.0.1', port: 5 } },
      500,
      409,
      /without comedia/,
    ],
    ['produce without a kind', `${transport}/producers`, { body: { rtpParameters: scriptAudio } }, 400, 400, /kind/],
    [
      'produce without parameters',
      `${transport}/producers`,
      { body: { kind: 'audio' } },
      400,
      400,
      /rtpParameters is missing/,
    ],
    [
      'produce with a bad ssrc',
      `${transport}/producers`,
      { body: { kind: 'audio', rtpParameters: { ...scriptAudio, encodings: [{ ssrc: -1 }] } } },
      400,
      400,
      /ssrc/,
    ],
    [
      'produce what the room has not',
      `${transport}/producers`,
      {
        body: {
          kind: 'audio',
          rtpParameters: { codecs: [{ mimeType: 'audio/speex', payloadType: 99, clockRate: 8000 }] },
        },
      },
      500,
      415,
      /speex/,
    ],
    [
      'consume without a producer',
      `${transport}/consume`,
      { body: { producerId: 'p' } },
      400,
      400,
      /producerId is missing/,
    ],
    ['consume without capabilities', `${transport}/consume?producerId=p`, {}, 500, 409, /rtpCapabilities/],
    [
      'data without stream',
      `${transport}/produce/data`,
      { body: { label: 'x' } },
      400,
      400,
      /sctpStreamParameters is missing/,
    ],
    [
      'data with a bad stream',
      `${transport}/produce/data`,
      { body: { sctpStreamParameters: { streamId: 70_000 } } },
      400,
      400,
      /streamId/,
    ],
    ['consuming data without id', `${transport}/consume/data`, { body: {} }, 400, 400, /dataProducerId is missing/],
    [
      'consuming data without capabilities',
      `${transport}/consume/data`,
      { body: { dataProducerId: 'd' } },
      500,
      409,
      /rtpCapabilities/,
    ],
    ['an undecodable path', '/rooms/%E0%A4%A/broadcasters', { body: newcomer }, 400, 400, /decode|URI/],
    ['a room id that nobody can see', '/rooms/%00/broadcasters', { body: newcomer }, 400, 400, /roomId/],
    [
      'a bad Authorization header',
      `${at}/b/transports`,
      { body: { type: 'plain' }, headers: { authorization: 'Basic eDp5' } },
      400,
      400,
      /Bearer/,
    ],
  ];
  for (const [what, path, request, status, problem, reason] of cases) {
    it(`${what}: ${status}, or ${problem} as a problem document; nothing is made`, async () => {
      await using server = await start();
      await create(server);
      const { id } = await plainTransport(server);
      const media = server.fabric.room('r');
      const before = JSON.stringify([media.summary(), server.broadcasting.size, server.fabric.openRooms.length]);
      const url = path.replace('TRANSPORT', id);

      const old = await server.call('POST', url, request);
      assert.equal(old.status, status, old.text);
      assert.match(old.text, /^\w+: /);
      assert.match(old.text.replaceAll('&quot;', '"'), reason);
      assert.equal(old.type, 'text/html; charset=utf-8');
      assert.match(old.reason, /^[\u0020-\u007e]+$/);

      const headers = { ...request.headers, accept: 'application/problem+json' };
      const document = await server.call('POST', url, { ...request, headers });
      assert.equal(document.status, problem, document.text);
      assert.equal(document.type, 'application/problem+json; charset=utf-8');
      const { status: told, detail } = document.json();
      assert.equal(told, problem);
      assert.match(String(detail), reason);

      const after = JSON.stringify([media.summary(), server.broadcasting.size, server.fabric.openRooms.length]);
      assert.equal(after, before);
    });
  }

  it('cannot put anything of theirs on the status line or into the page', async () => {
    await using server = await start();
    const id = encodeURIComponent('<script>alert(1)</script>');
    const answer = await server.call('DELETE', `${at}/${id}`);
    assert.equal(answer.status, 500);
    assert.equal(answer.text.includes('<script>'), false);
    const lines = await server.call('DELETE', `${at}/${encodeURIComponent('ü€ n')}`);
    assert.match(lines.reason, /^[\u0020-\u007e]+$/);
  });

  it('on an unknown path are none of these routes', async () => {
    await using server = await start();
    assert.equal((await server.call('POST', `${at}/b/nonsense`, { body: {} })).status, 404);
    assert.equal((await server.call('PUT', '/rooms/r')).status, 404);
  });

  it('leave nothing behind when the engine fails in between', async () => {
    await using server = await start();
    await create(server);
    const media = server.fabric.room('r');
    media.failNext('openPlainTransport', new Error('out of ports at 10.1.2.3'));
    const answer = await server.call('POST', `${at}/b/transports`, { body: { type: 'plain' } });
    assert.equal(answer.status, 500);
    assert.equal(answer.text, 'Error: Internal error');
    assert.equal(media.transports.size, 0);
  });

  it('that end while a broadcaster is deleted give back what was on its way', async () => {
    await using server = await start();
    await server.join('ann');
    await create(server);
    const media = server.fabric.room('r');
    const before = media.transports.size;
    const release = media.hold('openPlainTransport');
    const making = server.call('POST', `${at}/b/transports`, { body: { type: 'plain' } });
    while (media.count('openPlainTransport') === 0) await settle();
    await server.call('DELETE', `${at}/b`);
    release();
    assert.equal((await making).status, 503);
    assert.equal(media.transports.size, before);
  });
});
