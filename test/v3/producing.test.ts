/** Section 4 of the v3 interface: producing, as far as signalling alone shows it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeRtpParameters } from '@potluck/testkit';
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
