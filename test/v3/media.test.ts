/** Sections 4 and 5 of the v3 interface: producing and consuming, as far as signalling alone shows it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeRtpParameters } from '@potluck/testkit';
import { joinV3, madeUpDtls, type JoinedV3 } from '@potluck/testkit/v3-client';
import { sharedServer } from './support.ts';

describe('v3 producing', () => {
  const v3 = sharedServer();

  it('answers the id, and offers the track to every other joined peer with all that v3 reads', async () => {
    const [alice, bob, carol] = await v3.joinAll(v3.room(), ['alice', 'bob', 'carol']);
    const producerId = await alice.produce('video', { appData: { share: true } });
    for (const { client } of [bob, carol]) {
      const offer = await client.hear('newConsumer');
      assert.deepEqual(Object.keys(offer).toSorted(), [
        'appData',
        'id',
        'kind',
        'peerId',
        'producerId',
        'producerPaused',
        'rtpParameters',
        'type',
      ]);
      assert.deepEqual(
        [offer.peerId, offer.producerId, offer.kind, offer.type, offer.producerPaused],
        ['alice', producerId, 'video', 'simple', false],
      );
      assert.equal(offer.appData.share, true);
      assert.ok(offer.rtpParameters.rtcp.cname);
      assert.ok(offer.rtpParameters.encodings[0].ssrc);
      assert.ok(offer.rtpParameters.codecs.some(({ mimeType }: { mimeType: string }) => mimeType === 'video/rtx'));
      assert.equal(client.heard.find(({ name }) => name === 'newConsumer')?.kind, 'request');
    }
    await alice.client.settle();
    assert.deepEqual(alice.client.said('newConsumer'), [], 'nobody consumes itself');
  });

  it('offers simulcast as such, and audio with retransmission', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    await alice.produce('video', { rtpParameters: fakeRtpParameters('video', { encodings: 3 }) });
    await alice.produce('audio');
    const [video, audio] = await Promise.all(
      ['video', 'audio'].map((kind) => bob.client.hear('newConsumer', (offer) => offer.kind === kind)),
    );
    assert.equal(video.type, 'simulcast');
    assert.match(video.rtpParameters.encodings[0].scalabilityMode, /^L3T3/);
    assert.ok(audio.rtpParameters.codecs[0].rtcpFeedback.some(({ type }: { type: string }) => type === 'nack'));
  });

  it('sends the score of a consumer right after the client agreed', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    await alice.produce('audio');
    const { id } = await bob.client.hear('newConsumer');
    const { score } = await bob.client.hear('consumerScore', ({ consumerId }) => consumerId === id);
    assert.deepEqual(Object.keys(score).toSorted(), ['producerScore', 'producerScores', 'score']);
    assert.ok(Array.isArray(score.producerScores));
  });

  it('may use any own transport, and no foreign one', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    await alice.produce('audio', { transportId: alice.receive?.id });
    const error = await bob.client.refused('produce', {
      transportId: alice.send?.id,
      kind: 'audio',
      rtpParameters: fakeRtpParameters('audio'),
    });
    assert.match(error.message, /transport/i);
  });

  it('is refused in words for parameters that cannot be', async () => {
    const alice = await v3.join(v3.room(), 'alice');
    const valid = {
      transportId: alice.send?.id,
      kind: 'audio',
      rtpParameters: fakeRtpParameters('audio'),
      appData: {},
    };
    const bad: [string, object][] = [
      ['unknown transport', { ...valid, transportId: 'nope' }],
      ['no transport', { ...valid, transportId: undefined }],
      ['unknown kind', { ...valid, kind: 'smell' }],
      ['no parameters', { ...valid, rtpParameters: undefined }],
      ['empty parameters', { ...valid, rtpParameters: {} }],
      ['a codec of another kind', { ...valid, kind: 'video' }],
      [
        'a codec that the room does not have',
        { ...valid, rtpParameters: fakeRtpParameters('audio', { mimeType: 'audio/speex' }) },
      ],
      ['no encodings', { ...valid, rtpParameters: { ...fakeRtpParameters('audio'), encodings: [] } }],
      [
        'an encoding without ssrc and rid',
        { ...valid, rtpParameters: { ...fakeRtpParameters('audio'), encodings: [{}] } },
      ],
      ['a negative ssrc', { ...valid, rtpParameters: { ...fakeRtpParameters('audio'), encodings: [{ ssrc: -1 }] } }],
      [
        'a thousand encodings',
        {
          ...valid,
          rtpParameters: {
            ...fakeRtpParameters('audio'),
            encodings: Array.from({ length: 1000 }, (_, n) => ({ ssrc: n + 1 })),
          },
        },
      ],
      ['appData too large for everyone', { ...valid, appData: { text: 'x'.repeat(100_000) } }],
    ];
    for (const [name, data] of bad) {
      const error = await alice.client.refused('produce', data);
      assert.ok(
        error.errorCode >= 400 && error.message.length > 0 && error.message !== 'Internal error',
        `${name}: ${error.errorCode} ${error.message}`,
      );
    }
    const room = [...v3.server.app.registry.rooms.values()].at(-1);
    assert.equal(room?.media.summary().producers, 0);
  });

  it('is refused for an ssrc or mid that the transport has already', async () => {
    const alice = await v3.join(v3.room(), 'alice');
    const rtpParameters = { ...fakeRtpParameters('audio'), mid: '0' };
    await alice.produce('audio', { rtpParameters });
    const error = await alice.client.refused('produce', {
      transportId: alice.send?.id,
      kind: 'audio',
      rtpParameters,
      appData: {},
    });
    assert.notEqual(error.message, 'Internal error');
  });

  it('closes: the others are told consumerClosed, the owner nothing', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const producerId = await alice.produce('audio');
    const { id } = await bob.client.hear('newConsumer');
    assert.deepEqual(await alice.client.request('closeProducer', { producerId }), {});
    assert.deepEqual(await bob.client.hear('consumerClosed'), { consumerId: id });
    await alice.client.refused('closeProducer', { producerId });
    await alice.client.settle();
    assert.deepEqual(alice.client.said('consumerClosed'), []);
  });

  it('pauses and resumes: the others are told, only on a change, the owner never', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const producerId = await alice.produce('audio');
    const { id } = await bob.client.hear('newConsumer');
    await bob.client.hear('consumerScore');
    for (const method of ['pauseProducer', 'pauseProducer', 'resumeProducer', 'resumeProducer', 'pauseProducer']) {
      assert.deepEqual(await alice.client.request(method, { producerId }), {});
    }
    await bob.client.hearAll('consumerPaused', 2);
    await bob.client.settle();
    const told = bob.client.heard.filter(({ name }) => /^consumer(Paused|Resumed)$/.test(name));
    assert.deepEqual(
      told.map(({ name }) => name),
      ['consumerPaused', 'consumerResumed', 'consumerPaused'],
    );
    for (const { data } of told) assert.deepEqual(data, { consumerId: id });
    assert.deepEqual(
      alice.client.names().filter((name) => /^consumer(Paused|Resumed)$/.test(name)),
      [],
    );
  });

  it('is offered as paused to who comes later', async () => {
    const roomId = v3.room();
    const alice = await v3.join(roomId, 'alice');
    const producerId = await alice.produce('audio');
    await alice.client.request('pauseProducer', { producerId });
    const bob = await v3.join(roomId, 'bob');
    assert.equal((await bob.client.hear('newConsumer')).producerPaused, true);
  });

  it('knows only own producers', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const producerId = await alice.produce('audio');
    for (const method of ['closeProducer', 'pauseProducer', 'resumeProducer', 'getProducerStats']) {
      for (const id of [producerId, 'nope', '__proto__', 'constructor', '']) {
        assert.ok((await bob.client.refused(method, { producerId: id })).errorCode >= 400);
      }
      await bob.client.refused(method, {});
    }
    await bob.client.settle();
    assert.deepEqual(
      bob.client.names().filter((name) => name.startsWith('consumerC')),
      [],
    );
  });
});

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

describe('v3 stats', () => {
  const v3 = sharedServer();

  it('come as arrays, of own objects only', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    const producerId = await alice.produce('audio');
    const dataProducerId = await alice.produceData('chat');
    const consumer = await bob.client.hear('newConsumer');
    const dataConsumer = await bob.client.hear('newDataConsumer', ({ label }) => label === 'chat');
    const one = await alice.client.request('getTransportStats', { transportId: alice.send?.id });
    assert.equal(one.length, 1);
    assert.equal(one[0].type, 'webrtc-transport');
    assert.deepEqual(await alice.client.request('getProducerStats', { producerId }), []);
    assert.ok(Array.isArray(await bob.client.request('getConsumerStats', { consumerId: consumer.id })));
    assert.equal((await alice.client.request('getDataProducerStats', { dataProducerId }))[0].label, 'chat');
    assert.equal(
      (await bob.client.request('getDataConsumerStats', { dataConsumerId: dataConsumer.id }))[0].label,
      'chat',
    );
    const foreign: [string, object][] = [
      ['getTransportStats', { transportId: alice.send?.id }],
      ['getProducerStats', { producerId }],
      ['getDataProducerStats', { dataProducerId }],
    ];
    for (const [method, data] of foreign) await bob.client.refused(method, data);
    await alice.client.refused('getDataConsumerStats', { dataConsumerId: dataConsumer.id });
  });

  it('need no join', async () => {
    const client = await v3.open(v3.room(), 'p');
    const { id } = await client.request('createWebRtcTransport', {});
    assert.equal((await client.request('getTransportStats', { transportId: id })).length, 1);
    for (const method of ['getProducerStats', 'getConsumerStats', 'getDataProducerStats', 'getDataConsumerStats']) {
      await client.refused(method, { producerId: 'x', consumerId: 'x', dataProducerId: 'x', dataConsumerId: 'x' });
    }
  });
});

describe('v3 names', () => {
  const v3 = sharedServer();

  it('change: the others are told old and new before the caller is answered', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    assert.deepEqual(await alice.client.request('changeDisplayName', { displayName: 'Alicia' }), {});
    assert.deepEqual(await bob.client.hear('peerDisplayNameChanged'), {
      peerId: 'alice',
      displayName: 'Alicia',
      oldDisplayName: 'Name of alice',
    });
    await alice.client.settle();
    assert.deepEqual(alice.client.said('peerDisplayNameChanged'), []);
    const later = await v3.join([...v3.server.app.registry.rooms.keys()].at(-1) ?? '', 'later');
    assert.equal(later.peers.find(({ id }) => id === 'alice').displayName, 'Alicia');
  });

  it('are cleaned of what makes them pose as others, and cut (10.3 row 18)', async () => {
    const [alice, bob] = await v3.joinAll(v3.room(), ['alice', 'bob']);
    await alice.client.request('changeDisplayName', { displayName: `  A\u202El\u0000ice\n${'x'.repeat(500)}` });
    const { displayName } = await bob.client.hear('peerDisplayNameChanged');
    assert.match(displayName, /^Al ?ice x+$/);
    assert.ok(displayName.length <= 80);
    for (const bad of [undefined, null, 5, {}, 'x'.repeat(20_000)])
      await alice.client.refused('changeDisplayName', { displayName: bad });
  });
});

describe('v3 network throttle', () => {
  const v3 = sharedServer({ rooms: { networkThrottleSecret: 'open-sesame' } });
  const none = sharedServer();

  it('is refused with 403 without the secret, and when none is configured', async () => {
    const client = await v3.open(v3.room(), 'p');
    for (const secret of [undefined, '', 'wrong', 'open-sesam', 5, null]) {
      for (const method of ['applyNetworkThrottle', 'resetNetworkThrottle'])
        assert.equal((await client.refused(method, { secret })).errorCode, 403);
    }
    const other = await none.open(none.room(), 'p');
    for (const secret of [undefined, '', 'open-sesame'])
      assert.equal((await other.refused('applyNetworkThrottle', { secret })).errorCode, 403);
  });
});
