import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerId, RoomId } from '@potluck/protocol';
import { fakeRtpCapabilities, fakeRtpParameters, settle } from '@potluck/testkit';
import { at, create, newcomer, plainTransport, scriptAudio, scriptVideo, start, type Started } from './testing.ts';

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

  it('open no room for who only looks at it, and say where none can be opened', async () => {
    await using server = await start();
    assert.equal((await server.call('GET', '/rooms/only-looked-at')).status, 200);
    assert.deepEqual(server.fabric.rooms, []);
    for (const room of ['r', 's', 't']) await server.call('POST', `/rooms/${room}/broadcasters`, { body: newcomer });
    assert.equal((await server.call('GET', '/rooms/t')).status, 200);
    assert.equal((await server.call('GET', '/rooms/one-too-many')).status, 503);
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

describe('who may let a broadcaster in', () => {
  const bearer = (credential: string) => ({ headers: { authorization: `Bearer ${credential}` } });

  it('is decided by the token, which also names it and says what it may do', async () => {
    await using server = await start({}, { watcher: { role: 'viewer', displayName: 'Watcher', invited: true } });
    assert.equal((await server.call('POST', at, { body: newcomer, ...bearer('watcher') })).status, 200);
    const ann = await server.join('ann');
    assert.deepEqual(
      ann.peers.map(({ id }) => id),
      ['b'],
    );
    assert.equal(
      server.registry.get(RoomId.parse('r'))?.members.get(PeerId.parse('b'))?.profile?.displayName,
      'Watcher',
    );
    const { id } = await plainTransport(server);
    const body = { kind: 'audio', rtpParameters: scriptAudio };
    const produced = await server.call('POST', `${at}/b/transports/${id}/producers`, { body });
    assert.equal(produced.status, 403);
    assert.match(produced.text, /publishAudio/);
  });

  it('is nobody while the room is locked, but those with an invitation', async () => {
    await using server = await start({}, { invitation: { invited: true } });
    await server.join('ann');
    const room = server.registry.get(RoomId.parse('r'));
    assert.ok(room);
    room.door.locked = true;
    const refused = await server.call('POST', at, { body: newcomer });
    assert.equal(refused.status, 403);
    assert.match(refused.text, /locked/);
    assert.equal((await server.call('POST', at, { body: newcomer, ...bearer('invitation') })).status, 200);
  });
});
