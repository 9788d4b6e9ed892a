/** Sections 1 and 2 of the v3 interface: framing, admission, ids, replacement. */
import assert from 'node:assert/strict';
import { request as httpsRequest } from 'node:https';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { openV3, refusedUpgrade } from '@potluck/testkit/v3-client';
import { sharedServer } from './support.ts';

describe('v3 admission', () => {
  const v3 = sharedServer();

  it('refuses with 403 and an empty body without the sub-protocol', async () => {
    const refusal = await refusedUpgrade(`${v3.server.wss}?roomId=r&peerId=p`, ['other']);
    assert.equal(refusal.status, 403);
    assert.equal(refusal.body, '');
    assert.ok(refusal.reason);
  });

  it('takes the sub-protocol among others, and echoes it', async () => {
    const client = await openV3(v3.server.wss, { roomId: v3.room(), peerId: 'p', protocols: ['other', 'protoo'] });
    await client.leave();
  });

  for (const query of ['', '?roomId=r', '?peerId=p', '?roomId=&peerId=p', '?roomId=r&peerId=']) {
    it(`refuses with 400 for the query "${query}"`, async () => {
      const refusal = await refusedUpgrade(`${v3.server.wss}${query}`);
      assert.equal(refusal.status, 400);
      assert.equal(refusal.body, '');
      assert.match(refusal.reason ?? '', /roomId|peerId/);
    });
  }

  it('ignores the path, and unknown parameters', async () => {
    const roomId = v3.room();
    const client = await openV3(v3.server.wss, {
      roomId,
      peerId: 'p',
      path: 'any/path',
      query: 'forceH264=true&forceVP9=true&x=y',
    });
    assert.ok((await client.request('getRouterRtpCapabilities')).codecs);
    await client.leave();
  });

  it('checks no origin unless told to, and negotiates no extension', async () => {
    const { promise, resolve } = Promise.withResolvers<{ status: number; headers: NodeJS.Dict<string | string[]> }>();
    const request = httpsRequest(`${v3.server.https}/?roomId=${v3.room()}&peerId=p`, {
      rejectUnauthorized: false,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        Origin: 'https://elsewhere.example',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
        'Sec-WebSocket-Protocol': 'protoo',
        'Sec-WebSocket-Extensions': 'permessage-deflate',
      },
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    request.end();
    const { status, headers } = await promise;
    assert.equal(status, 101);
    assert.equal(headers['sec-websocket-protocol'], 'protoo');
    assert.equal(headers['sec-websocket-extensions'], undefined);
  });

  it('says mediasoup-version first, before anything is asked', async () => {
    const client = await v3.open(v3.room(), 'p');
    await client.hear('mediasoup-version');
    assert.equal(client.frames[0].method, 'mediasoup-version');
    assert.match(client.frames[0].data.version, /^3\.\d+\.\d+$/);
    await client.request('getRouterRtpCapabilities');
    assert.equal(client.frames.length, 2);
  });

  it('replaces a peer of the same id with 4000; the others see it leave and come', async () => {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    const producerId = await bob.produce('audio');
    await alice.client.hear('newConsumer', (data) => data.producerId === producerId);
    alice.client.clear();

    const again = await v3.open(roomId, 'bob');
    assert.equal((await bob.client.ended()).code, 4000);
    await alice.client.hear('consumerClosed');
    assert.equal(
      alice.client.names().find((name) => name.endsWith('Closed')),
      'peerClosed',
    );
    assert.equal((await again.refused('produce', {})).errorCode >= 400, true, 'it starts un-joined');
    const { peers } = await again.request('join', { displayName: 'Bob again' });
    assert.deepEqual(
      peers.map(({ id }: { id: string }) => id),
      ['alice'],
    );
    await alice.client.hear('newPeer', (data) => data.id === 'bob');
  });

  it('admits to a live room who replaces its only peer (10.3 row 2)', async () => {
    const roomId = v3.room();
    const first = await v3.join(roomId, 'lonely');
    const second = await v3.open(roomId, 'lonely');
    assert.equal((await first.client.ended()).code, 4000);
    const transport = await second.request('createWebRtcTransport', { producing: true, consuming: false });
    assert.ok(transport.id);
    await second.request('join', {});
    const other = await v3.join(roomId, 'other');
    assert.deepEqual(
      other.peers.map(({ id }) => id),
      ['lonely'],
    );
  });

  it('handles both orders of an old death and a new connection', async () => {
    const roomId = v3.room();
    const watcher = await v3.join(roomId, 'watcher');
    for (let round = 0; round < 10; round += 1) {
      const before = await v3.join(roomId, 'returning');
      if (round % 2 === 0) before.client.cut();
      const after = v3.join(roomId, 'returning');
      if (round % 2 === 1) before.client.cut();
      await (await after).client.leave();
      await watcher.client.hearAll('peerClosed', 2 * (round + 1));
    }
    const story = watcher.client.heard
      .filter(({ name }) => name === 'newPeer' || name === 'peerClosed')
      .map(({ name }) => name);
    assert.deepEqual(
      story,
      Array.from({ length: 20 }, () => ['newPeer', 'peerClosed']).flat(),
      'never announced twice without leaving between',
    );
  });

  it('lets simultaneous first comers share one room', async () => {
    const roomId = v3.room();
    const peers = await Promise.all(Array.from({ length: 8 }, (_, n) => v3.open(roomId, `p${n}`)));
    for (const peer of peers) await peer.request('join', { displayName: peer.peerId });
    assert.equal(v3.server.app.registry.rooms.size >= 1, true);
    const last = await v3.join(roomId, 'last');
    assert.equal(last.peers.length, 8);
  });

  it('closes a room as soon as its last peer leaves', async () => {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    await alice.client.leave();
    await bob.client.leave();
    await waitFor(() => ![...v3.server.app.registry.rooms.keys()].some((id) => id === roomId), {
      what: 'the end of the room',
    });
  });
});

describe('v3 framing', () => {
  const v3 = sharedServer();

  it('accepts id 0, and any other, doubled ones too', async () => {
    const client = await v3.open(v3.room(), 'p');
    for (const id of [0, 10_000_000, 5, 5])
      assert.ok((await client.requestWithId(id, 'getRouterRtpCapabilities')).codecs);
  });

  it('never sends id 0, nor one that the client has pending', async () => {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    for (let n = 0; n < 5; n += 1) await bob.produce('audio');
    await alice.client.hearAll('newConsumer', 5);
    const ids = alice.client.heard.flatMap(({ id }) => (id === undefined ? [] : [id]));
    assert.ok(ids.every((id) => Number.isInteger(id) && id > 0));
    assert.equal(new Set(ids).size, ids.length);
  });

  it('emits data as an object always', async () => {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    const producerId = await bob.produce('audio');
    await alice.client.hear('newConsumer');
    await bob.client.request('pauseProducer', { producerId });
    await bob.client.request('closeProducer', { producerId });
    await alice.client.hear('consumerClosed');
    for (const frame of [...alice.client.frames, ...bob.client.frames]) {
      if (frame.response && !frame.ok) continue;
      assert.equal(typeof frame.data === 'object' && frame.data !== null, true, JSON.stringify(frame));
    }
  });

  it('sends no null member but those that v3 wants explicit', async () => {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    await bob.produce('audio');
    await bob.produce('video');
    await alice.client.hearAll('newConsumer', 2);
    for (const data of alice.client.said('newConsumer'))
      assert.ok(!JSON.stringify(data).includes('null'), JSON.stringify(data));
  });

  it('answers errors with code and reason, and a falsy ok', async () => {
    const client = await v3.open(v3.room(), 'p');
    const { frame } = await client.refused('noSuchMethod');
    assert.equal(typeof frame.errorCode, 'number');
    assert.equal(typeof frame.errorReason, 'string');
    assert.ok(frame.errorReason.includes('noSuchMethod'));
    assert.ok(!frame.ok);
  });

  it('takes absent, empty and null data as an empty object', async () => {
    const client = await v3.open(v3.room(), 'p');
    for (const data of [undefined, null, '', 0, false])
      assert.ok((await client.request('getRouterRtpCapabilities', data)).codecs);
    assert.deepEqual(await client.request('join', null), { peers: [] });
  });

  it('ignores binary messages and stays open', async () => {
    const client = await v3.open(v3.room(), 'p');
    client.sendBytes(Buffer.from('{"request":true,"id":1,"method":"join"}'));
    client.sendBytes(new Uint8Array(100_000));
    assert.ok((await client.request('getRouterRtpCapabilities')).codecs);
  });

  it('accepts frames up to 960 000 bytes and closes with 1009 beyond', async () => {
    const client = await v3.open(v3.room(), 'p');
    const frame = JSON.stringify({ request: true, id: 1, method: 'getRouterRtpCapabilities', data: { filler: '' } });
    client.sendText(frame.replace('"filler":""', `"filler":"${'x'.repeat(960_000 - frame.length)}"`));
    await waitFor(() => client.frames.some(({ id }) => id === 1), { what: 'the answer to the largest frame' });
    client.sendText(frame.replace('"filler":""', `"filler":"${'x'.repeat(960_001 - frame.length)}"`));
    assert.equal((await client.ended()).code, 1009);
  });

  it('ignores notifications of clients: there are none', async () => {
    const client = await v3.open(v3.room(), 'p');
    client.notify('join', {});
    client.notify('closeRoom', {});
    assert.deepEqual(await client.request('join', {}), { peers: [] });
  });

  it('drops answers to nothing, twice, or late', async () => {
    const client = await v3.open(v3.room(), 'p');
    for (const id of [1, 1, 0, -5, 1e9]) client.sendText(JSON.stringify({ response: true, id, ok: true, data: {} }));
    assert.ok((await client.request('getRouterRtpCapabilities')).codecs);
  });
});
