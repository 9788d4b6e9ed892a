/** Section 10.1 of the v3 interface: what real clients do. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeRtpParameters } from '@potluck/testkit';
import { joinV3, madeUpDtls } from '@potluck/testkit/v3-client';
import { sharedServer } from './support.ts';

describe('v3 quirks', () => {
  const v3 = sharedServer();
  const jsonText = '{"numStreams":{"OS":1024,"MIS":1024}}';

  it('1: sctpCapabilities may be an empty text (off) or JSON text (on), in transports and in join', async () => {
    const roomId = v3.room();
    const alice = await v3.join(roomId, 'alice');
    await alice.produceData('chat');
    const android = async (peerId: string, sctpCapabilities: string) => {
      const client = await v3.open(roomId, peerId);
      const rtpCapabilities = await client.request('getRouterRtpCapabilities');
      const transport = await client.request('createWebRtcTransport', {
        forceTcp: false,
        producing: false,
        consuming: true,
        sctpCapabilities,
      });
      await client.request('join', {
        displayName: peerId,
        device: { flag: 'android', name: 'Android', version: '14' },
        rtpCapabilities,
        sctpCapabilities,
      });
      return { client, transport };
    };
    const on = await android('on', jsonText);
    assert.ok(on.transport.sctpParameters);
    await on.client.hear('newDataConsumer', ({ label }) => label === 'chat');
    const off = await android('off', '');
    assert.equal(off.transport.sctpParameters, undefined);
    await off.client.settle();
    assert.deepEqual(off.client.said('newDataConsumer'), []);
  });

  it('2: produce.appData may be JSON text, absent or null; it goes out as an object', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const cases: [unknown, object][] = [
      ['{"share":true}', { share: true }],
      [undefined, {}],
      [null, {}],
      ['junk', {}],
      [[1], {}],
    ];
    for (const [appData, wanted] of cases) {
      const producerId = await alice.produce('audio', { appData });
      const offer = await bob.client.hear('newConsumer', (data) => data.producerId === producerId);
      const { peerId, ...rest } = offer.appData;
      assert.deepEqual(rest, wanted);
      assert.ok(peerId === undefined || peerId === 'alice');
    }
  });

  it('3: numStreams is accepted, whatever it says', async () => {
    const client = await v3.open(v3.room(), 'p');
    for (const numStreams of [{ OS: 1024, MIS: 1024 }, { OS: 65_535, MIS: 65_535 }, {}, null]) {
      assert.ok((await client.request('createWebRtcTransport', { sctpCapabilities: { numStreams } })).sctpParameters);
    }
  });

  it('4: everything optional may miss; a device is announced all the same', async () => {
    const roomId = v3.room();
    const watcher = await v3.join(roomId, 'watcher');
    const client = await v3.open(roomId, 'bare');
    const transport = await client.request('createWebRtcTransport');
    assert.deepEqual(
      (await client.request('join')).peers.map(({ id }: { id: string }) => id),
      ['watcher'],
    );
    const { device, ...peer } = await watcher.client.hear('newPeer');
    assert.deepEqual(device, { flag: 'unknown', name: 'unknown' });
    assert.equal(peer.id, 'bare');
    await client.request('produce', {
      transportId: transport.id,
      kind: 'audio',
      rtpParameters: fakeRtpParameters('audio'),
    });
    await watcher.client.hear('newConsumer');
  });

  it('4: an odd device is replaced, not refused', async () => {
    const roomId = v3.room();
    const watcher = await v3.join(roomId, 'watcher');
    for (const [n, device] of ['text', 5, {}, [], { flag: 'x'.repeat(100_000), name: {} }].entries()) {
      await v3.join(roomId, `p${n}`, { device });
      const peer = await watcher.client.hear('newPeer', ({ id }) => id === `p${n}`);
      assert.deepEqual([typeof peer.device.flag, typeof peer.device.name], ['string', 'string']);
      assert.ok(JSON.stringify(peer).length < 1000);
    }
  });

  it('5: extra fields are ignored', async () => {
    const client = await v3.open(v3.room(), 'p', 'forceH264=true&whatever=1');
    const { id } = await client.request('createWebRtcTransport', { multiSource: true, rtcpMux: true });
    await client.request('connectWebRtcTransport', {
      transportId: id,
      dtlsParameters: madeUpDtls,
      iceParameters: { usernameFragment: 'x' },
    });
    await client.request('join', { displayName: 'x', legacy: { a: 1 } });
  });

  it('6: rtpCapabilities without a consuming transport are no error', async () => {
    const roomId = v3.room();
    const alice = await v3.join(roomId, 'alice');
    await alice.produce('audio');
    const client = await v3.open(roomId, 'android');
    const rtpCapabilities = await client.request('getRouterRtpCapabilities');
    await client.request('createWebRtcTransport', { producing: true, consuming: false });
    await client.request('join', { displayName: 'x', rtpCapabilities });
    await client.settle();
    assert.deepEqual(client.said('newConsumer'), []);
    assert.equal(client.closed, undefined);
  });

  it('8: produce may come before connectWebRtcTransport is finished', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const [, id] = await Promise.all([
      alice.client.request('connectWebRtcTransport', { transportId: alice.send?.id, dtlsParameters: madeUpDtls }),
      alice.produce('audio'),
    ]);
    await bob.client.hear('newConsumer', ({ producerId }) => producerId === id);
  });

  it('9: answers may come late, never, twice, or with data ""', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const gate = Promise.withResolvers<{ data: unknown }>();
    const answers = [gate.promise, Promise.resolve({ data: '' }), Promise.resolve('never' as const)];
    bob.client.answer = (method) => (method === 'newConsumer' ? (answers.shift() ?? { data: '' }) : { data: {} });
    for (let n = 0; n < 4; n += 1) {
      await alice.produce('audio');
      await bob.client.hearAll('newConsumer', n + 1);
    }
    const offers = bob.client.heard.filter(({ name }) => name === 'newConsumer');
    await bob.client.hear('consumerScore', ({ consumerId }) => consumerId === offers[1]?.data.id);
    gate.resolve({ data: {} });
    await bob.client.hear('consumerScore', ({ consumerId }) => consumerId === offers[0]?.data.id);
    // Android may refuse and then agree, under the same id.
    bob.client.sendText(
      JSON.stringify({ response: true, id: offers[3]?.id, ok: false, errorCode: 403, errorReason: 'no' }),
    );
    bob.client.sendText(JSON.stringify({ response: true, id: offers[3]?.id, ok: true, data: {} }));
    await bob.client.settle();
    assert.equal(bob.client.closed, undefined);
  });

  it('10: notifications with a wrong marker are dropped, a literal wrong consumer id is not found', async () => {
    const { client } = await v3.join(v3.room(), 'android');
    client.sendText(JSON.stringify({ onNotification: true, method: 'x', data: {} }));
    const error = await client.refused('requestConsumerKeyFrame', { consumerId: 'consumerId' });
    assert.match(error.message, /not found/i);
    assert.equal(client.closed, undefined);
  });

  it('12: two clients of one default id evict each other for good (4000)', async () => {
    const roomId = v3.room();
    const first = await v3.join(roomId, 'aiortc');
    const second = await v3.join(roomId, 'aiortc');
    assert.equal((await first.client.ended()).code, 4000);
    const third = await v3.join(roomId, 'aiortc');
    assert.equal((await second.client.ended()).code, 4000);
    assert.equal(third.client.closed, undefined);
  });

  it('7: old Android joins first and makes its transports afterwards', async () => {
    const roomId = v3.room();
    const alice = await v3.join(roomId, 'alice');
    await alice.produce('audio');
    await alice.produce('video');
    const client = await v3.open(roomId, 'old-android');
    const rtpCapabilities = await client.request('getRouterRtpCapabilities');
    await client.request('join', {
      displayName: 'Old',
      device: { flag: 'android', name: 'A' },
      rtpCapabilities,
      sctpCapabilities: jsonText,
    });
    const send = await client.request('createWebRtcTransport', {
      producing: true,
      consuming: false,
      sctpCapabilities: jsonText,
    });
    await client.request('createWebRtcTransport', { producing: false, consuming: true, sctpCapabilities: jsonText });
    await client.hearAll('newConsumer', 2);
    await client.request('produce', {
      transportId: send.id,
      kind: 'audio',
      rtpParameters: fakeRtpParameters('audio'),
      appData: '{}',
    });
    await alice.client.hear('newConsumer', ({ peerId }) => peerId === 'old-android');
  });

  it('14: a client that reconnects with the same id after a drop finds its place', async () => {
    const roomId = v3.room();
    const watcher = await v3.join(roomId, 'watcher');
    const before = await v3.join(roomId, 'p');
    await before.produce('audio');
    await watcher.client.hear('newConsumer');
    before.client.cut();
    const again = await joinV3(await v3.open(roomId, 'p'));
    const id = await again.produce('audio');
    await watcher.client.hear('newConsumer', ({ producerId }) => producerId === id);
    assert.equal(again.client.closed, undefined);
  });
});
