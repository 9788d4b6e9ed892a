/** Section 3 of the v3 interface: the session sequence and the orders that clients depend on. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { joinV3, madeUpDtls, sctpCapabilities } from '@potluck/testkit/v3-client';
import { sharedServer } from './support.ts';

describe('v3 capabilities and transports', () => {
  const v3 = sharedServer();

  it('answers bare router capabilities, with the codecs of v3 in their order', async () => {
    const client = await v3.open(v3.room(), 'p');
    const capabilities = await client.request('getRouterRtpCapabilities');
    assert.deepEqual(Object.keys(capabilities).toSorted(), ['codecs', 'headerExtensions']);
    const names = capabilities.codecs
      .map(({ mimeType }: { mimeType: string }) => mimeType)
      .filter((name: string) => !name.endsWith('/rtx'));
    assert.deepEqual(names.slice(0, 5), ['audio/opus', 'video/VP8', 'video/VP9', 'video/H264', 'video/H264']);
    const h264 = capabilities.codecs.filter(({ mimeType }: { mimeType: string }) => mimeType === 'video/H264');
    assert.deepEqual(
      h264.map(({ parameters }: { parameters: object }) => parameters),
      [
        {
          'packetization-mode': 1,
          'level-asymmetry-allowed': 1,
          'profile-level-id': '4d0032',
          'x-google-start-bitrate': 1000,
        },
        {
          'packetization-mode': 1,
          'level-asymmetry-allowed': 1,
          'profile-level-id': '42e01f',
          'x-google-start-bitrate': 1000,
        },
      ],
    );
    const vp9 = capabilities.codecs.find(({ mimeType }: { mimeType: string }) => mimeType === 'video/VP9');
    assert.equal(vp9.parameters['profile-id'], 2);
  });

  it('gives everything that old and native clients read of a transport, before join too', async () => {
    const client = await v3.open(v3.room(), 'p');
    const transport = await client.request('createWebRtcTransport', {
      forceTcp: false,
      producing: true,
      consuming: false,
      sctpCapabilities,
    });
    assert.deepEqual(Object.keys(transport).toSorted(), [
      'dtlsParameters',
      'iceCandidates',
      'iceParameters',
      'id',
      'sctpParameters',
    ]);
    assert.equal(transport.dtlsParameters.role, 'auto');
    assert.ok(transport.dtlsParameters.fingerprints.length > 0);
    assert.equal(transport.iceParameters.iceLite, true);
    for (const candidate of transport.iceCandidates) {
      assert.equal(candidate.ip, candidate.address);
      assert.equal(candidate.type, 'host');
      assert.equal(typeof candidate.foundation, 'string');
      assert.equal(typeof candidate.priority, 'number');
    }
    assert.deepEqual(
      new Set(transport.iceCandidates.map(({ protocol }: { protocol: string }) => protocol)),
      new Set(['udp', 'tcp']),
    );
    const { port, OS, MIS, maxMessageSize } = transport.sctpParameters;
    assert.deepEqual({ port, maxMessageSize }, { port: 5000, maxMessageSize: 262_144 });
    assert.ok(OS > 0 && MIS > 0);
  });

  it('leaves sctpParameters out without data channels', async () => {
    const client = await v3.open(v3.room(), 'p');
    assert.equal('sctpParameters' in (await client.request('createWebRtcTransport', {})), false);
  });

  it('offers TCP candidates alone with forceTcp', async () => {
    const client = await v3.open(v3.room(), 'p');
    const { iceCandidates } = await client.request('createWebRtcTransport', {
      forceTcp: true,
      producing: true,
      consuming: false,
    });
    assert.ok(iceCandidates.length > 0);
    for (const candidate of iceCandidates)
      assert.deepEqual([candidate.protocol, candidate.tcpType], ['tcp', 'passive']);
  });

  it('connects a transport once, and says why not', async () => {
    const { client, send } = await v3.join(v3.room(), 'p');
    const data = {
      transportId: send?.id,
      dtlsParameters: madeUpDtls,
      iceParameters: { usernameFragment: 'x', password: 'y' },
    };
    assert.deepEqual(await client.request('connectWebRtcTransport', data), {});
    await client.refused('connectWebRtcTransport', data);
    await client.refused('connectWebRtcTransport', { ...data, transportId: 'nope' });
    for (const dtlsParameters of [
      undefined,
      {},
      { fingerprints: [] },
      { fingerprints: [{ algorithm: 'md5', value: 'x' }] },
      { role: 'boss', fingerprints: madeUpDtls.fingerprints },
    ]) {
      const { id } = await client.request('createWebRtcTransport', {});
      const error = await client.refused('connectWebRtcTransport', { transportId: id, dtlsParameters });
      assert.ok(error.message.length > 0);
    }
  });

  it('restarts ICE with new bare credentials', async () => {
    const { client, send } = await v3.join(v3.room(), 'p');
    const credentials = await client.request('restartIce', { transportId: send?.id });
    assert.deepEqual(Object.keys(credentials).toSorted(), ['iceLite', 'password', 'usernameFragment']);
    assert.notEqual(credentials.usernameFragment, send?.iceParameters.usernameFragment);
    await client.refused('restartIce', { transportId: 'nope' });
  });
});

describe('v3 join', () => {
  const v3 = sharedServer();

  it('lists those who are there, with name and device, and never the caller', async () => {
    const roomId = v3.room();
    const [alice] = await v3.joinAll(roomId, ['alice']);
    assert.deepEqual(alice.peers, []);
    const bob = await v3.join(roomId, 'bob');
    assert.deepEqual(bob.peers, [
      { id: 'alice', displayName: 'Name of alice', device: { flag: 'chrome', name: 'Chrome', version: '156' } },
    ]);
    assert.deepEqual(await alice.client.hear('newPeer'), {
      id: 'bob',
      displayName: 'Name of bob',
      device: { flag: 'chrome', name: 'Chrome', version: '156' },
    });
    await bob.client.settle();
    assert.deepEqual(bob.client.said('newPeer'), []);
  });

  it('does not list who is connected and has not joined', async () => {
    const roomId = v3.room();
    const waiting = await v3.open(roomId, 'waiting');
    const alice = await v3.join(roomId, 'alice');
    assert.deepEqual(alice.peers, []);
    await waiting.leave();
    await alice.client.settle();
    assert.deepEqual(alice.client.said('peerClosed'), []);
  });

  it('is possible once', async () => {
    const { client } = await v3.join(v3.room(), 'p');
    await client.refused('join', { displayName: 'again' });
  });

  it('comes before everything that needs it', async () => {
    const client = await v3.open(v3.room(), 'p');
    const needing = [
      'produce', 'closeProducer', 'pauseProducer', 'resumeProducer', 'pauseConsumer', 'resumeConsumer',
      'setConsumerPreferredLayers', 'setConsumerPriority', 'requestConsumerKeyFrame', 'produceData', 'changeDisplayName',
    ]; // prettier-ignore
    for (const method of needing) {
      const error = await client.refused(method, { producerId: 'x', consumerId: 'x', transportId: 'x' });
      assert.ok(error.errorCode >= 400, method);
    }
  });

  it('answers before newConsumer, and newPeer leaves before the first newConsumer of the newcomer', async () => {
    const roomId = v3.room();
    const alice = await v3.join(roomId, 'alice');
    for (let n = 0; n < 3; n += 1) await alice.produce('audio');
    await alice.produceData('chat');
    const bob = await v3.join(roomId, 'bob');
    await bob.client.hearAll('newConsumer', 3);
    const answered = bob.client.frames.findIndex((frame) => frame.response && frame.data?.peers);
    const offered = bob.client.frames.findIndex((frame) => frame.request);
    assert.ok(answered !== -1 && answered < offered, `answer at ${answered}, first offer at ${offered}`);
  });

  it('offers everything that is there, once, and the bot', async () => {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    const ids = [await alice.produce('audio'), await alice.produce('video'), await bob.produce('audio')];
    const chat = await alice.produceData('chat');
    await alice.produceData('bot');
    const carol = await v3.join(roomId, 'carol');
    await carol.client.hearAll('newConsumer', 3);
    await carol.client.hearAll('newDataConsumer', 2);
    await carol.client.settle();
    const offered = carol.client.said('newConsumer').map(({ producerId }) => producerId as string);
    assert.deepEqual(offered.toSorted(), ids.toSorted());
    const data = carol.client.said('newDataConsumer');
    assert.deepEqual(data.map(({ label, peerId }) => `${label} of ${peerId}`).toSorted(), [
      'bot of null',
      'chat of alice',
    ]);
    assert.equal(data.find(({ label }) => label === 'chat').dataProducerId, chat);
  });

  it('offers no media without rtpCapabilities, and no data without sctpCapabilities', async () => {
    const roomId = v3.room();
    const alice = await v3.join(roomId, 'alice');
    await alice.produce('audio');
    await alice.produceData('chat');
    const deaf = await v3.join(roomId, 'deaf', { consume: false });
    const noData = await v3.join(roomId, 'no-data', { datachannel: false });
    await noData.client.hear('newConsumer');
    await Promise.all([deaf.client.settle(), noData.client.settle()]);
    assert.deepEqual(
      deaf.client.heard.filter(({ kind }) => kind === 'request'),
      [],
    );
    assert.deepEqual(noData.client.said('newDataConsumer'), []);
  });

  it('is atomic: many joining and producing at once are offered everything exactly once', async () => {
    const roomId = v3.room();
    const names = Array.from({ length: 12 }, (_, n) => `p${n}`);
    const sockets = await Promise.all(names.map((name) => v3.open(roomId, name)));
    const joined = await Promise.all(
      sockets.map(async (socket, n) => {
        const peer = await joinV3(socket);
        await Promise.all([
          peer.produce('audio'),
          peer.produce('video'),
          ...(n % 2 === 0 ? [peer.produceData('chat')] : []),
        ]);
        return peer;
      }),
    );
    for (const { client } of joined) {
      await client.hearAll('newConsumer', 2 * (names.length - 1));
      const others = names.filter((name) => name !== client.peerId && Number(name.slice(1)) % 2 === 0);
      await client.hearAll('newDataConsumer', others.length + 1);
      await client.settle();
      const offers = client.said('newConsumer').map(({ producerId }) => producerId);
      assert.equal(offers.length, 2 * (names.length - 1));
      assert.equal(new Set(offers).size, offers.length, `${client.peerId} was offered a producer twice`);
      assert.equal(client.said('newDataConsumer').length, others.length + 1);
    }
  });

  it('announces everybody before naming them', async () => {
    const roomId = v3.room();
    const names = Array.from({ length: 10 }, (_, n) => `p${n}`);
    const joined = await Promise.all(
      names.map(async (name) => {
        const peer = await v3.join(roomId, name);
        await Promise.all([
          peer.produce('audio'),
          peer.client.request('changeDisplayName', { displayName: `New ${name}` }),
        ]);
        return peer;
      }),
    );
    for (const { client } of joined) {
      await client.hearAll('newConsumer', names.length - 1);
      const known = new Set<string>();
      for (const frame of client.frames) {
        if (frame.response && frame.data?.peers) for (const { id } of frame.data.peers) known.add(id);
        if (frame.method === 'newPeer') {
          assert.ok(!known.has(frame.data.id), `${frame.data.id} announced twice to ${client.peerId}`);
          known.add(frame.data.id);
        }
        if (
          ['newConsumer', 'newDataConsumer', 'peerDisplayNameChanged'].includes(frame.method) &&
          frame.data.peerId !== null
        ) {
          assert.ok(
            known.has(frame.data.peerId),
            `${frame.method} names ${frame.data.peerId}, unknown to ${client.peerId}`,
          );
        }
      }
      assert.equal(known.size, names.length - 1);
      assert.ok(!known.has(client.peerId));
    }
  });
});

describe('v3 leaving', () => {
  const v3 = sharedServer();

  it('tells peerClosed before what ends with the peer', async () => {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    await bob.produce('audio');
    await bob.produce('video');
    await bob.produceData('chat');
    await alice.client.hearAll('newConsumer', 2);
    await alice.client.hear('newDataConsumer', ({ label }) => label === 'chat');
    await alice.client.settle();
    alice.client.clear();
    await bob.client.leave();
    await alice.client.hearAll('consumerClosed', 2);
    await alice.client.hear('dataConsumerClosed');
    assert.equal(
      alice.client.names().find((name) => name.endsWith('Closed')),
      'peerClosed',
    );
    assert.deepEqual(alice.client.said('peerClosed'), [{ peerId: 'bob' }]);
    assert.equal(alice.client.said('consumerClosed').length, 2);
    assert.equal(alice.client.said('dataConsumerClosed').length, 1);
  });

  it('is the same by a close frame and by a lost connection', async () => {
    const roomId = v3.room();
    const [alice, bob, carol] = await v3.joinAll(roomId, ['alice', 'bob', 'carol']);
    bob.client.cut();
    await alice.client.hear('peerClosed', ({ peerId }) => peerId === 'bob');
    await carol.client.leave(1000);
    await alice.client.hear('peerClosed', ({ peerId }) => peerId === 'carol');
  });

  it('ends what waited for an answer of the one who left, at once (10.3 row 11)', async () => {
    const roomId = v3.room();
    const [alice, bob] = await v3.joinAll(roomId, ['alice', 'bob']);
    bob.client.answer = () => 'never';
    await alice.produce('audio');
    await bob.client.hear('newConsumer');
    bob.client.cut();
    await alice.client.hear('peerClosed');
    await waitFor(
      async () => {
        const workers = v3.server.app.fabric.workers();
        const room = [...v3.server.app.registry.rooms.values()].find(({ id }) => id === roomId);
        return workers.length > 0 && room !== undefined && room.peerCount === 1 && room.media.summary().consumers === 0;
      },
      { what: 'the end of the consumer that was never answered for' },
    );
  });
});
