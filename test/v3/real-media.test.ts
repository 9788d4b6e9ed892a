/** What v3 clients are told once media flows: scores, layers, bandwidth, speakers, data, the bot. Real WebRTC in Node. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { exitAfterTests, fakeCamera, fakeMicrophone, listenTo, watchVideo } from '../sdk/runtime.ts';
import { openMediaPeer, type MediaPeer } from './media-peer.ts';
import { sharedServer } from './support.ts';

after(exitAfterTests);

describe('v3 with real media', () => {
  const v3 = sharedServer();
  const peers: MediaPeer[] = [];
  after(() => {
    for (const peer of peers) peer.close();
  });
  async function join(
    roomId: string,
    peerId: string,
    options?: { forceTcp?: boolean; displayName?: string },
  ): Promise<MediaPeer> {
    const peer = await openMediaPeer(await v3.open(roomId, peerId), options);
    peers.push(peer);
    return peer;
  }

  async function expectPicture(receiver: MediaPeer, from: string): Promise<void> {
    const { track } = await receiver.consumerOf(from, 'video');
    using seen = watchVideo(track);
    await waitFor(() => seen.frames > 5 && seen.width > 0, {
      what: () => `a picture of ${from}; ${seen.frames} frames so far`,
    });
  }

  it('carries picture and sound both ways, and tells scores and bandwidth', async () => {
    using camera = fakeCamera();
    using microphone = fakeMicrophone();
    const roomId = v3.room();
    const [alice, bob] = [await join(roomId, 'alice'), await join(roomId, 'bob')];
    const producer = await alice.produce(camera.track);
    await alice.produce(microphone.track);
    await bob.produce(camera.track);
    await bob.produce(microphone.track);
    for (const [receiver, from] of [
      [alice, 'bob'],
      [bob, 'alice'],
    ] as const) {
      await expectPicture(receiver, from);
      using heard = listenTo((await receiver.consumerOf(from, 'audio')).track);
      await waitFor(() => heard.energy > 100_000, { what: `sound of ${from}` });
    }

    const { score } = await alice.client.hear('producerScore', (data) => data.producerId === producer.id);
    assert.ok(Array.isArray(score));
    assert.deepEqual([score[0].encodingIdx, typeof score[0].ssrc], [0, 'number']);
    assert.ok(score[0].score >= 0 && score[0].score <= 10);

    const consumer = await bob.consumerOf('alice', 'video');
    const scored = await bob.client.hear('consumerScore', (data) => data.consumerId === consumer.id);
    assert.equal(typeof scored.score.producerScore, 'number');

    const bwe = await bob.client.hear('downlinkBwe', undefined, 20_000);
    assert.deepEqual(Object.keys(bwe).toSorted(), ['availableBitrate', 'desiredBitrate', 'effectiveDesiredBitrate']);

    const [stats] = await alice.client.request('getProducerStats', { producerId: producer.id });
    assert.ok(stats.byteCount > 0);
    const consumerStats = await bob.client.request('getConsumerStats', { consumerId: consumer.id });
    assert.ok(consumerStats.some(({ type }: { type: string }) => type === 'outbound-rtp'));
  });

  it('goes over TCP alone when forced to', async () => {
    using camera = fakeCamera();
    const roomId = v3.room();
    const [alice, bob] = [
      await join(roomId, 'alice', { forceTcp: true }),
      await join(roomId, 'bob', { forceTcp: true }),
    ];
    await alice.produce(camera.track);
    await expectPicture(bob, 'alice');
    const [stats] = await bob.client.request('getTransportStats', { transportId: bob.receiving.id });
    assert.equal(stats.iceSelectedTuple.protocol, 'tcp');
  });

  it('names the loudest, to everyone, and then silence', async () => {
    const roomId = v3.room();
    const [alice, bob] = [await join(roomId, 'alice'), await join(roomId, 'bob')];
    {
      using microphone = fakeMicrophone();
      const producer = await alice.produce(microphone.track);
      for (const { client } of [alice, bob]) {
        const speaker = await client.hear('activeSpeaker', ({ peerId }) => peerId === 'alice');
        assert.ok(Number.isInteger(speaker.volume) && speaker.volume <= 0 && speaker.volume >= -127);
      }
      producer.close();
      await alice.client.request('closeProducer', { producerId: producer.id });
    }
    for (const { client } of [alice, bob]) {
      const silence = await client.hear('activeSpeaker', ({ peerId }) => peerId === null);
      assert.deepEqual(silence, { peerId: null });
    }
  });

  it('forwards the layers that were asked for', async () => {
    using camera = fakeCamera(640, 360);
    const roomId = v3.room();
    const [alice, bob] = [await join(roomId, 'alice'), await join(roomId, 'bob')];
    await alice.produce(camera.track, {
      encodings: [
        { scaleResolutionDownBy: 4, maxBitrate: 100_000, scalabilityMode: 'L1T3' },
        { scaleResolutionDownBy: 2, maxBitrate: 300_000, scalabilityMode: 'L1T3' },
      ],
    });
    const { id: consumerId, track } = await bob.consumerOf('alice', 'video');
    assert.equal(bob.client.said('newConsumer')[0].type, 'simulcast');
    const layers = await bob.client.hear(
      'consumerLayersChanged',
      (layers) => layers.consumerId === consumerId && layers.spatialLayer !== null,
    );
    assert.deepEqual(Object.keys(layers).toSorted(), ['consumerId', 'spatialLayer', 'temporalLayer']);
    bob.client.clear();
    await bob.client.request('setConsumerPreferredLayers', { consumerId, spatialLayer: 0, temporalLayer: 2 });
    using seen = watchVideo(track);
    await waitFor(() => seen.width === 160, {
      what: () => `the small layer, 160 wide; it is ${seen.width}`,
      timeoutMs: 15_000,
    });
    await bob.client.request('setConsumerPreferredLayers', { consumerId, spatialLayer: 1 });
    await waitFor(() => seen.width === 320, {
      what: () => `the large layer, 320 wide; it is ${seen.width}`,
      timeoutMs: 15_000,
    });
    await bob.client.hear('consumerLayersChanged', (layers) => layers.spatialLayer === 1);
  });

  it('stops the picture while the producer or the consumer is paused', async () => {
    using camera = fakeCamera();
    const roomId = v3.room();
    const [alice, bob] = [await join(roomId, 'alice'), await join(roomId, 'bob')];
    const producer = await alice.produce(camera.track);
    const { id: consumerId, track } = await bob.consumerOf('alice', 'video');
    using seen = watchVideo(track);
    await waitFor(() => seen.frames > 5, { what: 'frames before the pause' });
    const outbound = async () => {
      const stats = await bob.client.request('getConsumerStats', { consumerId });
      return stats.find(({ type }: { type: string }) => type === 'outbound-rtp').packetCount as number;
    };
    for (const [who, pause, resume, data] of [
      [alice, 'pauseProducer', 'resumeProducer', { producerId: producer.id }],
      [bob, 'pauseConsumer', 'resumeConsumer', { consumerId }],
    ] as const) {
      await who.client.request(pause, data);
      const [atPause, seenAtPause] = [await outbound(), seen.frames];
      // The camera goes on: once the server has counted more of it, a forwarded packet would have been counted too.
      const received = async () =>
        (await alice.client.request('getProducerStats', { producerId: producer.id }))[0].packetCount as number;
      const before = await received();
      await waitFor(async () => (await received()) > before + 10, { what: 'packets of the camera' });
      assert.equal(await outbound(), atPause, pause);
      await who.client.request(resume, data);
      await waitFor(() => seen.frames > seenAtPause + 5, { what: `frames after ${resume}` });
    }
  });

  it('forwards nothing to who agrees and pauses in the same breath', async () => {
    using camera = fakeCamera();
    const roomId = v3.room();
    const [alice, bob] = [await join(roomId, 'alice'), await join(roomId, 'bob')];
    const agree = bob.client.answer;
    const pauses: Promise<unknown>[] = [];
    bob.client.answer = async (method, data) => {
      const answer = await agree(method, data);
      if (method === 'newConsumer')
        setImmediate(() => pauses.push(bob.client.request('pauseConsumer', { consumerId: data.id })));
      return answer;
    };
    const producer = await alice.produce(camera.track);
    const { id: consumerId } = await bob.consumerOf('alice', 'video');
    await waitFor(() => pauses.length > 0, { what: 'the pause' });
    await Promise.all(pauses);
    const outbound = async () =>
      (await bob.client.request('getConsumerStats', { consumerId })).find(
        ({ type }: { type: string }) => type === 'outbound-rtp',
      ).packetCount as number;
    const received = async () =>
      (await alice.client.request('getProducerStats', { producerId: producer.id }))[0]?.packetCount as
        number | undefined;
    const atPause = await outbound();
    await waitFor(async () => ((await received()) ?? 0) > 20, { what: 'packets of the camera' });
    assert.equal(await outbound(), atPause);
  });

  it('goes on through an ICE restart', async () => {
    using camera = fakeCamera();
    const roomId = v3.room();
    const [alice, bob] = [await join(roomId, 'alice'), await join(roomId, 'bob')];
    await alice.produce(camera.track);
    await expectPicture(bob, 'alice');
    for (const [peer, transport] of [
      [alice, alice.sending],
      [bob, bob.receiving],
    ] as const) {
      const iceParameters = await peer.client.request('restartIce', { transportId: transport.id });
      await transport.restartIce({ iceParameters });
      await expectPicture(bob, 'alice');
    }
  });

  it('relays chat unchanged, text and bytes, to everyone else', async () => {
    const roomId = v3.room();
    const [alice, bob, carol] = [await join(roomId, 'alice'), await join(roomId, 'bob'), await join(roomId, 'carol')];
    const chat = await alice.produceData('chat');
    for (const peer of [bob, carol]) {
      await waitFor(() => peer.dataConsumers.some((one) => one.label === 'chat' && one.readyState === 'open'), {
        what: 'the chat channel',
      });
    }
    const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
    chat.send('grüß 🥘');
    chat.send(bytes);
    for (const { messages } of [bob, carol]) {
      await waitFor(() => messages.filter(({ label }) => label === 'chat').length === 2, {
        what: 'two messages of chat',
      });
      const heard = messages.filter(({ label }) => label === 'chat').map(({ data }) => data);
      assert.ok(heard.includes('grüß 🥘'));
      assert.ok(heard.some((data) => typeof data !== 'string' && Buffer.from(data).equals(bytes)));
    }
    assert.deepEqual(alice.messages, []);
  });

  it('bot answers everyone, the sender too, under the present name; what is no text it drops', async () => {
    const roomId = v3.room();
    const [alice, bob] = [await join(roomId, 'alice', { displayName: 'Alice' }), await join(roomId, 'bob')];
    for (const peer of [alice, bob]) {
      await waitFor(() => peer.dataConsumers.some((one) => one.label === 'bot' && one.readyState === 'open'), {
        what: 'the channel of the bot',
      });
    }
    const bot = await alice.produceData('bot');
    bot.send(new Uint8Array([1, 2, 3]));
    bot.send('hello');
    await alice.client.request('changeDisplayName', { displayName: 'Alicia' });
    bot.send('again');
    for (const { messages } of [alice, bob]) {
      await waitFor(() => messages.filter(({ label }) => label === 'bot').length >= 2, {
        what: () => `two words of the bot, not ${JSON.stringify(messages)}`,
      });
      const [first, second] = messages.filter(({ label }) => label === 'bot').map(({ data }) => String(data));
      assert.match(first ?? '', /^Alic(e|ia) said me: "hello"$/);
      assert.match(second ?? '', /^Alicia said me: "again"$/);
    }
  });

  it('lets go of a peer whose transport ends, with a code on which it comes back', async () => {
    using camera = fakeCamera();
    const roomId = v3.room();
    const [alice, bob] = [await join(roomId, 'alice'), await join(roomId, 'bob')];
    await alice.produce(camera.track);
    await expectPicture(bob, 'alice');
    alice.sending.close();
    const { code } = await alice.client.ended();
    assert.notEqual(code, 4000, 'protoo clients never come back after 4000');
    await bob.client.hear('peerClosed', ({ peerId }) => peerId === 'alice');
  });
});
