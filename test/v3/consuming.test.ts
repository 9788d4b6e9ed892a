/** Section 5 of the v3 interface: consuming, as far as signalling alone shows it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeRtpParameters } from '@potluck/testkit';
import { joinV3, madeUpDtls, type JoinedV3 } from '@potluck/testkit/v3-client';
import { sharedServer } from './support.ts';

describe('v3 consuming', () => {
  const v3 = sharedServer();

  async function pair(
    kind: 'audio' | 'video' = 'video',
    more: object = {},
  ): Promise<{ alice: JoinedV3; bob: JoinedV3; producerId: string; consumerId: string }> {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const producerId = await alice.produce(kind, more);
    const { id } = await bob.client.hear('newConsumer');
    return { alice, bob, producerId, consumerId: id };
  }

  it('pauses, resumes, prioritises, chooses layers and asks for key frames, and nobody is told', async () => {
    const { alice, bob, consumerId } = await pair('video', {
      rtpParameters: fakeRtpParameters('video', { encodings: 3 }),
    });
    await bob.client.hear('consumerScore');
    alice.client.clear();
    const requests: [string, object][] = [
      ['pauseConsumer', {}], ['pauseConsumer', {}], ['resumeConsumer', {}], ['resumeConsumer', {}],
      ['setConsumerPreferredLayers', { spatialLayer: 1 }], ['setConsumerPreferredLayers', { spatialLayer: 2, temporalLayer: 0 }],
      ['setConsumerPriority', { priority: 1 }], ['setConsumerPriority', { priority: 255 }], ['requestConsumerKeyFrame', {}],
    ]; // prettier-ignore
    for (const [method, data] of requests)
      assert.deepEqual(await bob.client.request(method, { consumerId, ...data }), {}, method);
    await alice.client.settle();
    assert.deepEqual(alice.client.names(), []);
    assert.deepEqual(
      bob.client.names().filter((name) => /^consumer(Paused|Resumed)$/.test(name)),
      [],
    );
  });

  it('refuses layers and priorities that are none', async () => {
    const { bob, consumerId } = await pair();
    for (const spatialLayer of [undefined, '1', -1, null, {}])
      await bob.client.refused('setConsumerPreferredLayers', { consumerId, spatialLayer });
    for (const priority of [undefined, '1', -1, null, {}])
      await bob.client.refused('setConsumerPriority', { consumerId, priority });
  });

  it('knows the spelling of very old clients (10.1 no. 11)', async () => {
    const { bob, consumerId } = await pair('video', { rtpParameters: fakeRtpParameters('video', { encodings: 3 }) });
    assert.deepEqual(await bob.client.request('setConsumerPreferedLayers', { consumerId, spatialLayer: 0 }), {});
  });

  it('knows only own consumers', async () => {
    const { alice, consumerId } = await pair();
    const methods = [
      'pauseConsumer',
      'resumeConsumer',
      'setConsumerPreferredLayers',
      'setConsumerPriority',
      'requestConsumerKeyFrame',
      'getConsumerStats',
    ];
    for (const method of methods) {
      for (const id of [consumerId, 'nope', '__proto__']) {
        const error = await alice.client.refused(method, { consumerId: id, spatialLayer: 0, priority: 1 });
        assert.ok(error.errorCode >= 400, method);
      }
    }
  });

  it('lets a pause win that comes right after the agreement', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const pauses: Promise<unknown>[] = [];
    bob.client.answer = (method, { id }) => {
      // In the same breath as the answer, as a client in audio-only mode does.
      if (method === 'newConsumer')
        setImmediate(() => pauses.push(bob.client.request('pauseConsumer', { consumerId: id })));
      return { data: {} };
    };
    await alice.produce('video');
    const { id } = await bob.client.hear('newConsumer');
    await bob.client.hear('consumerScore');
    await Promise.all(pauses);
    assert.deepEqual(await pauses[0], {});
    assert.ok(Array.isArray(await bob.client.request('getConsumerStats', { consumerId: id })));
  });

  it('knows a consumer from its offer on, also before the client has agreed', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    bob.client.answer = (method) => (method === 'newConsumer' ? 'never' : { data: {} });
    await alice.produce('video');
    const { id } = await bob.client.hear('newConsumer');
    for (const method of ['pauseConsumer', 'resumeConsumer', 'requestConsumerKeyFrame', 'getConsumerStats']) {
      assert.ok(await bob.client.request(method, { consumerId: id }), method);
    }
  });

  it('is offered on the first transport marked consuming, in the order of their making', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    await bob.client.request('createWebRtcTransport', { producing: false, consuming: true });
    const producerId = await alice.produce('audio');
    await bob.client.hear('newConsumer', (offer) => offer.producerId === producerId);
    const [stats] = await bob.client.request('getTransportStats', { transportId: bob.receive?.id });
    assert.ok(stats.transportId === bob.receive?.id);
    await bob.client.settle();
    assert.equal(bob.client.said('newConsumer').length, 1);
  });

  it('does not deadlock when the client connects its transport before it answers (section 3, no. 9)', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    bob.client.answer = async (method) => {
      if (method === 'newConsumer')
        await bob.client.request('connectWebRtcTransport', {
          transportId: bob.receive?.id,
          dtlsParameters: madeUpDtls,
        });
      return { data: {} };
    };
    await alice.produce('audio');
    await bob.client.hear('consumerScore');
  });

  it('offers several at once, not one after the other', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    bob.client.answer = (method) => (method === 'newConsumer' ? 'never' : { data: {} });
    await Promise.all([alice.produce('audio'), alice.produce('video'), alice.produce('audio')]);
    await bob.client.hearAll('newConsumer', 3);
  });

  it('forgets a consumer that the client refuses (10.3 row 10)', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    bob.client.answer = (method) =>
      method === 'newConsumer' ? { errorCode: 403, errorReason: 'I do not want to consume' } : { data: {} };
    await alice.produce('audio');
    const { id } = await bob.client.hear('newConsumer');
    await bob.client.settle();
    await bob.client.refused('getConsumerStats', { consumerId: id });
    const room = [...v3.server.app.registry.rooms.values()].at(-1);
    assert.equal(room?.media.summary().consumers, 0);
  });

  it('tells after the agreement what was missed before it (10.3 row 12)', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const gate = Promise.withResolvers<{ data: object }>();
    bob.client.answer = (method) => (method === 'newConsumer' ? gate.promise : { data: {} });
    const paused = await alice.produce('audio');
    const closed = await alice.produce('video');
    const [audio, video] = await Promise.all(
      ['audio', 'video'].map((kind) => bob.client.hear('newConsumer', (offer) => offer.kind === kind)),
    );
    await alice.client.request('pauseProducer', { producerId: paused });
    await alice.client.request('closeProducer', { producerId: closed });
    await bob.client.settle();
    bob.client.clear();
    gate.resolve({ data: {} });
    await bob.client.hear('consumerPaused', ({ consumerId }) => consumerId === audio.id);
    await bob.client.hear('consumerClosed', ({ consumerId }) => consumerId === video.id);
  });

  it('starts the missing consumers when a consuming transport comes late (10.1 no. 7, 10.3 row 12)', async () => {
    const roomId = v3.room();
    const alice = await v3.join(roomId, 'alice');
    const producerId = await alice.produce('audio');
    await alice.produceData('chat');
    const bob = await v3.open(roomId, 'bob');
    const rtpCapabilities = await bob.request('getRouterRtpCapabilities');
    await bob.request('join', { rtpCapabilities, sctpCapabilities: {} });
    await bob.settle();
    assert.deepEqual(bob.said('newConsumer'), []);
    await bob.request('createWebRtcTransport', { producing: false, consuming: true, sctpCapabilities: {} });
    assert.equal((await bob.hear('newConsumer')).producerId, producerId);
    await bob.hear('newDataConsumer', ({ label }) => label === 'chat');
    await bob.hear('newDataConsumer', ({ label }) => label === 'bot');
    await bob.settle();
    assert.equal(bob.said('newConsumer').length, 1);
  });
});

describe('v3 consumer replicas', () => {
  const v3 = sharedServer({ rooms: { maxConsumerReplicas: 3 } });

  async function offersOf(query: string, laterQuery = ''): Promise<string[][]> {
    const roomId = v3.room();
    const alice = await joinV3(await v3.open(roomId, 'alice', query));
    const bob = await joinV3(await v3.open(roomId, 'bob', laterQuery));
    const producerId = await alice.produce('audio');
    await bob.client.hear('newConsumer');
    await bob.client.settle();
    await bob.client.settle();
    return bob.client.said('newConsumer').map((offer) => {
      assert.equal(offer.producerId, producerId);
      return offer.id;
    });
  }

  it('gives 1 + N consumers, each with an offer of its own', async () => {
    const ids = await offersOf('consumerReplicas=2');
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 3);
  });

  it('is decided by who opens the room', async () => {
    assert.equal((await offersOf('', 'consumerReplicas=2')).length, 1);
  });

  for (const [query, count] of [
    ['consumerReplicas=undefined', 1],
    ['consumerReplicas=-1', 1],
    ['consumerReplicas=1.5', 1],
    ['consumerReplicas=', 1],
    ['consumerReplicas=100000', 4],
    ['consumerReplicas=999999999999', 1],
  ] as const) {
    it(`gives ${count} for ${query} (10.3 row 15)`, async () => {
      assert.equal((await offersOf(query)).length, count);
    });
  }
});
