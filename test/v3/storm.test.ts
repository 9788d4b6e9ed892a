/** What hurts a server on purpose or by mistake: junk, other people's ids, floods. Section 10.3 and issue 2. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeRtpParameters, waitFor } from '@potluck/testkit';
import { madeUpDtls, type V3Client } from '@potluck/testkit/v3-client';
import { sharedServer } from './support.ts';

const methods = [
  'getRouterRtpCapabilities', 'createWebRtcTransport', 'connectWebRtcTransport', 'restartIce', 'join', 'produce',
  'closeProducer', 'pauseProducer', 'resumeProducer', 'pauseConsumer', 'resumeConsumer', 'setConsumerPreferredLayers',
  'setConsumerPriority', 'requestConsumerKeyFrame', 'produceData', 'changeDisplayName', 'getTransportStats',
  'getProducerStats', 'getConsumerStats', 'getDataProducerStats', 'getDataConsumerStats', 'applyNetworkThrottle',
  'resetNetworkThrottle', 'enter', 'resumeConsumers', 'releaseConsumers', 'setView', 'closeTransport', 'closeDataProducer', 'sendChat',
  'setHandRaised', 'sendReaction',
]; // prettier-ignore

const hostileTexts = [
  'null', 'true', '42', '"text"', '[]', '[null]', '{}', '', '{', 'undefined', '\u0000', '{"request":true}',
  '{"request":true,"id":1}', '{"request":true,"id":null,"method":"join"}', '{"request":true,"id":1,"method":null}',
  '{"request":true,"id":1e400,"method":"join"}', '{"request":true,"id":-1,"method":"__proto__","data":{}}',
  '{"__proto__":{"request":true,"id":1,"method":"join"}}', '{"response":true}', '{"response":true,"id":1}',
  '{"response":true,"id":{},"ok":true}', '{"notification":true}', '{"notification":true,"method":{}}',
  '{"request":true,"id":1,"method":"join","data":{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}}',
  '{"request":true,"id":1,"method":"constructor"}', '{"request":true,"id":1,"method":"toString"}',
  `{"request":true,"id":1,"method":"produce","data":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  `{"request":true,"id":1,"method":"${'m'.repeat(300)}"}`,
]; // prettier-ignore

const hostileValues: unknown[] = [
  null, true, 0, -1, 1.5, 1e308, '', 'nope', '__proto__', 'constructor', '\u0000', 'x'.repeat(100_000), [], [[]], {},
  { a: { b: { c: null } } }, JSON.parse('{"__proto__":{"polluted":true}}'), Array.from({ length: 5000 }, () => ({})),
]; // prettier-ignore

const names = ['transportId', 'producerId', 'consumerId', 'dataProducerId', 'dataConsumerId', 'kind', 'rtpParameters', 'dtlsParameters', 'sctpStreamParameters', 'sctpCapabilities', 'rtpCapabilities', 'appData', 'displayName', 'device', 'spatialLayer', 'priority', 'secret', 'label', 'text', 'id', 'emoji', 'raised', 'video', 'consumerIds']; // prettier-ignore

/** Every request with every hostile value in every member, answered one way or the other. */
async function tryEverything(client: V3Client): Promise<void> {
  for (const method of methods) {
    for (const value of hostileValues) {
      const data = Object.fromEntries(names.map((name) => [name, value]));
      await Promise.allSettled([client.request(method, data), client.request(method, value)]);
      if (client.closed) return;
    }
  }
}

describe('v3 junk', () => {
  const v3 = sharedServer({ sockets: { messageBurst: 1_000_000, messagesPerSecond: 1_000_000 } });

  /** A call in the same server that must not notice anything. */
  async function bystanders() {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    await alice.produce('audio');
    await bob.client.hear('newConsumer');
    const stop = new AbortController();
    let rounds = 0;
    const going = (async () => {
      while (!stop.signal.aborted) {
        rounds += 1;
        const producerId = await bob.produce('video');
        await alice.client.hear('newConsumer', (data) => data.producerId === producerId);
        await bob.client.request('closeProducer', { producerId });
        await alice.client.hearAll('consumerClosed', rounds);
      }
    })();
    return {
      async check() {
        stop.abort();
        await going;
        assert.ok(rounds > 0);
        for (const { client } of [alice, bob]) {
          assert.equal(client.closed, undefined);
          assert.ok(client.heard.every(({ data }) => !JSON.stringify(data).includes('villain')));
          await client.leave();
        }
      },
    };
  }

  it('in frames is answered or dropped, and the other call does not notice', async () => {
    const call = await bystanders();
    const villain = await v3.open(v3.room(), 'villain');
    for (const text of hostileTexts) villain.sendText(text);
    for (const text of hostileTexts) villain.sendBytes(Buffer.from(text));
    villain.sendText('x'.repeat(900_000));
    villain.sendText(JSON.stringify('x'.repeat(900_000)));
    assert.ok((await villain.request('getRouterRtpCapabilities')).codecs, 'the connection lives on');
    await call.check();
    assert.equal(({} as { isAdmin?: unknown }).isAdmin, undefined);
  });

  it('in every request is refused in words, before join and after', async () => {
    const call = await bystanders();
    const before = await v3.open(v3.room(), 'villain');
    await tryEverything(before);
    const { client: after } = await v3.join(v3.room(), 'villain');
    await tryEverything(after);
    for (const client of [before, after]) {
      for (const frame of client.frames.filter((one) => one.response && !one.ok)) {
        assert.ok(Number.isInteger(frame.errorCode) && typeof frame.errorReason === 'string');
        assert.notEqual(frame.errorCode, 500, `internal error: ${JSON.stringify(frame)}`);
        assert.doesNotMatch(frame.errorReason, /\n\s+at |file:\/\//, 'no stack leaves the house');
        assert.ok(frame.errorReason.length < 500);
      }
    }
    await call.check();
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  it('as ids of others is not found', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const villain = await v3.join(v3.room(), 'villain');
    const producerId = await alice.produce('video');
    const dataProducerId = await alice.produceData('chat');
    const { id: consumerId } = await bob.client.hear('newConsumer');
    const { id: dataConsumerId } = await bob.client.hear('newDataConsumer', ({ label }) => label === 'chat');
    const data = {
      transportId: alice.send?.id, producerId, consumerId, dataProducerId, dataConsumerId, spatialLayer: 0, priority: 1,
      kind: 'audio', rtpParameters: fakeRtpParameters('audio'), dtlsParameters: madeUpDtls, sctpStreamParameters: { streamId: 1 },
    }; // prettier-ignore
    const touching = methods.filter((method) =>
      /Producer|Consumer$|Consumer(Pref|Prio|Key)|Stats|connect|restart|^produce|closeTransport/.test(method),
    );
    assert.ok(touching.length >= 17);
    for (const method of touching) {
      const error = await villain.client.refused(method, data);
      assert.match(error.message, /not found/i, method);
    }
    await bob.client.settle();
    assert.deepEqual(
      bob.client.names().filter((name) => /Paused|Closed/.test(name)),
      [],
    );
  });

  it('as a frame of more than the limit ends only its own connection', async () => {
    const call = await bystanders();
    const villain = await v3.open(v3.room(), 'villain');
    villain.sendText('x'.repeat(2_000_000));
    assert.equal((await villain.ended()).code, 1009);
    await call.check();
  });

  it('as sockets that open and vanish leaves nothing behind', async () => {
    const call = await bystanders();
    const roomId = v3.room();
    await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        const client = await v3.open(roomId, `p${n}`);
        void client.request('createWebRtcTransport', { producing: true }).catch(() => {});
        void client.request('join', {}).catch(() => {});
        if (n % 2 === 0) await client.request('getRouterRtpCapabilities');
        client.cut();
      }),
    );
    await waitFor(() => ![...v3.server.app.registry.rooms.keys()].some((id) => id === roomId), {
      what: 'the end of the stormy room',
    });
    await call.check();
  });
});

describe('v3 floods', () => {
  const v3 = sharedServer({
    sockets: { messageBurst: 200, messagesPerSecond: 50 },
    rooms: { maxTransportsPerPeer: 4, maxProducersPerPeer: 3, maxPeers: 3 },
  });

  it('of messages end their own connection with 1008', async () => {
    const calm = await v3.open(v3.room(), 'calm');
    const flood = await v3.open(v3.room(), 'flood');
    for (let n = 0; n < 2_000; n += 1) flood.sendText('{}');
    assert.equal((await flood.ended()).code, 1008);
    assert.ok((await calm.request('getRouterRtpCapabilities')).codecs);
  });

  it('of transports and producers are refused, and what is there goes on', async () => {
    const alice = await v3.join(v3.room(), 'alice');
    await alice.client.request('createWebRtcTransport', {});
    await alice.client.request('createWebRtcTransport', {});
    const error = await alice.client.refused('createWebRtcTransport', {});
    assert.match(error.message, /4/);
    for (let n = 0; n < 3; n += 1) await alice.produce('audio');
    await assert.rejects(alice.produce('audio'), /3/);
  });

  it('of peers are refused in a room that is full', async () => {
    const roomId = v3.room();
    await v3.joinAll(roomId, ['a', 'b', 'c']);
    const late = await v3.open(roomId, 'd').catch((error: unknown) => error);
    if (!(late instanceof Error)) assert.ok((await (late as V3Client).ended()).code >= 1000);
  });
});
