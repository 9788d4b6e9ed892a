import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeRtpCapabilities, settle } from '@potluck/testkit';
import { enterOwn, joinV3, startSessions as start } from './testing.ts';

describe('Sessions, v3 dialect', () => {
  it('says the version first, then answers', async () => {
    const { open } = start();
    const ann = await open('ann', 'v3');
    assert.deepEqual(ann.names(), ['mediasoup-version']);
    assert.ok((await ann.request('getRouterRtpCapabilities', {})).codecs?.length);
  });

  it('offers each track once to each, whoever came first, and lets it flow on agreement', async () => {
    const { open, fabric } = start();
    const ann = await open('ann', 'v3');
    const bob = await open('bob', 'v3');
    const a = await joinV3(ann, 'Ann');
    const b = await joinV3(bob, 'Bob');
    assert.deepEqual(a.peers, []);
    assert.deepEqual(b.peers, [{ id: 'ann', displayName: 'Ann', device: { flag: 'unknown', name: 'unknown' } }]);
    assert.deepEqual(ann.names().slice(1), ['newPeer', 'newConsumer', 'consumerScore']);
    assert.deepEqual(bob.names().slice(1), ['newConsumer', 'consumerScore']);
    assert.deepEqual(
      [...fabric.room('r').consumers.values()].map(({ paused }) => paused),
      [false, false],
    );
  });

  it('closes a consumer that the client refuses and does not offer it again', async () => {
    const { open, fabric } = start();
    const ann = await open('ann', 'v3');
    const bob = await open('bob', 'v3');
    bob.answer = () => Promise.reject(new Error('no'));
    await joinV3(ann, 'Ann');
    await joinV3(bob, 'Bob');
    const { producerId } = await joinV3(await open('cy', 'v3'), 'Cy');
    assert.equal(bob.names().filter((name) => name === 'newConsumer').length, 2);
    assert.equal([...fabric.room('r').consumers.values()].filter((c) => c.producerId === producerId).length, 1);
  });

  it('tells only changes of pause, and after the answer what changed since the offer', async () => {
    const { open } = start();
    const ann = await open('ann', 'v3');
    const bob = await open('bob', 'v3');
    const agreed = Promise.withResolvers<object>();
    bob.answer = () => agreed.promise;
    const { producerId } = await joinV3(ann, 'Ann');
    await joinV3(bob, 'Bob');
    await ann.request('pauseProducer', { producerId });
    await ann.request('pauseProducer', { producerId });
    await settle();
    assert.deepEqual(bob.notices('consumerPaused'), []);
    agreed.resolve({});
    await settle();
    assert.equal(bob.notices('consumerPaused').length, 1);
    await ann.request('closeProducer', { producerId });
    await settle();
    assert.equal(bob.notices('consumerClosed').length, 1);
  });

  it('takes nobody for muted whom the engine could not mute', async () => {
    const { fabric, open } = start();
    const ann = await open('ann', 'v3');
    const bob = await open('bob', 'v3');
    const { producerId } = await joinV3(ann, 'Ann');
    await joinV3(bob, 'Bob');
    fabric.room('r').calls.failNext('pauseProducer');
    await assert.rejects(ann.request('pauseProducer', { producerId }), { code: 'internal' });
    assert.deepEqual(bob.notices('consumerPaused'), []);
    await ann.request('pauseProducer', { producerId });
    await settle();
    assert.equal(bob.notices('consumerPaused').length, 1);
  });

  it('tells of a producer that ended before the answer, after the answer', async () => {
    const { open } = start();
    const ann = await open('ann', 'v3');
    const bob = await open('bob', 'v3');
    const agreed = Promise.withResolvers<object>();
    bob.answer = () => agreed.promise;
    const { producerId } = await joinV3(ann, 'Ann');
    await joinV3(bob, 'Bob');
    await ann.request('closeProducer', { producerId });
    await settle();
    assert.deepEqual(bob.notices('consumerClosed'), []);
    agreed.resolve({});
    await settle();
    assert.equal(bob.notices('consumerClosed').length, 1);
  });

  it('starts the missing consumers when the first receiving transport comes after joining', async () => {
    const { open } = start();
    await joinV3(await open('ann', 'v3'), 'Ann');
    const old = await open('old', 'v3');
    await old.request('join', { displayName: 'Old', rtpCapabilities: fakeRtpCapabilities });
    await settle();
    assert.equal(old.names().includes('newConsumer'), false);
    await old.request('createWebRtcTransport', { consuming: true });
    await settle();
    assert.equal(old.names().filter((name) => name === 'newConsumer').length, 1);
  });

  it('replaces the only peer without closing its room', async () => {
    const { open, registry, fabric } = start();
    const first = await open('ann', 'v3');
    await joinV3(first, 'Ann');
    const second = await open('ann', 'v3');
    assert.deepEqual(first.socket.ended, { code: 4000, reason: 'you joined again from elsewhere' });
    assert.equal(registry.rooms.size, 1);
    await joinV3(second, 'Ann again');
    assert.equal(fabric.rooms.length, 1);
    assert.equal(fabric.room('r').producers.size, 1);
  });

  it('closes a peer whose media path is lost, with a code on which it comes back', async () => {
    const { open, fabric } = start();
    const ann = await open('ann', 'v3');
    const { transportId } = await joinV3(ann, 'Ann');
    fabric.room('r').events.emit('transportFailed', { transportId, reason: 'ICE disconnected' });
    await settle();
    assert.equal(ann.socket.ended?.code, 4001);
  });

  it('finds nobody elses ids, knows no method of Object, and answers wrong data with the field', async () => {
    const { open } = start();
    const ann = await open('ann', 'v3');
    const bob = await open('bob', 'v3');
    const { producerId, transportId } = await joinV3(ann, 'Ann');
    await joinV3(bob, 'Bob');
    await assert.rejects(bob.request('closeProducer', { producerId }), { code: 'not_found' });
    await assert.rejects(bob.request('restartIce', { transportId }), { code: 'not_found', missing: 'transport' });
    await assert.rejects(bob.request('constructor' as never, {} as never), { code: 'not_found' });
    await assert.rejects(bob.request('join', {}), { code: 'conflict' });
    await assert.rejects(bob.request('produce', { transportId: 5 } as never), /produce\.transportId/);
  });

  it('leaves nothing behind when all have left', async () => {
    const { open, registry, fabric, sessions, clock } = start();
    const ann = await open('ann', 'v3');
    const bob = await open('bob', 'v3');
    await joinV3(ann, 'Ann');
    await joinV3(bob, 'Bob');
    ann.cut();
    await settle();
    assert.deepEqual(bob.names().slice(-2), ['peerClosed', 'consumerClosed']);
    bob.cut();
    await settle();
    assert.equal(registry.rooms.size + sessions.size + fabric.openRooms.length + clock.waiting, 0);
    assert.equal(fabric.rooms[0]?.events.count(), 0);
  });
});

/** What the first in a room hears while alone: it becomes host. */
const beforeOthers = ['mediasoup-version', 'welcome', 'roleChanged', 'permissionsChanged', 'lobbyChanged'];

describe('Sessions, own dialect', () => {
  it('pushes transports, takes pipelined requests, offers consumers together', async () => {
    const { open } = start();
    const ann = await open('ann', 'potluck');
    const { producerId } = await enterOwn(ann, 'Ann');
    const bob = await open('bob', 'potluck');
    const { answer } = await enterOwn(bob, 'Bob');
    assert.deepEqual(answer.participants[0]?.producers, [
      { id: producerId, kind: 'video', source: 'camera', paused: false },
    ]);
    const [opened] = bob.notices('consumersOpened');
    assert.deepEqual(
      opened?.consumers.map((consumer) => consumer.producerId),
      [producerId],
    );
    assert.deepEqual(
      ann.names().filter((name) => !beforeOthers.includes(name)),
      ['newDataConsumer', 'participantJoined', 'producerOpened', 'consumersOpened'],
    );
  });

  it('goes on over a new socket: nothing lost, nothing doubled, others hear of it only after a while', async () => {
    const { open, enter, clock } = start();
    const ann = await open('ann', 'potluck');
    const { welcome } = await enterOwn(ann, 'Ann');
    const bob = await open('bob', 'potluck');
    await enterOwn(bob, 'Bob');
    ann.cut();
    const saying = ann.request('sendChat', { id: 'm1', text: 'still here' });
    await bob.request('sendChat', { id: 'm2', text: 'are you?' });
    clock.advance(2999);
    assert.deepEqual(bob.notices('participantConnectionChanged'), []);
    clock.advance(1);
    await settle();
    assert.deepEqual(bob.notices('participantConnectionChanged'), [{ peerId: 'ann', connection: 'reconnecting' }]);
    await enter(ann, 'ann', 'potluck', { resume: welcome.resumeToken, ack: String(ann.received) });
    await saying;
    await settle();
    assert.deepEqual(
      ann.hellos.map((hello) => (hello as { link: string }).link),
      ['opened', 'resumed'],
    );
    assert.deepEqual(
      bob.notices('chatMessage').map(({ text }) => text),
      ['are you?', 'still here'],
    );
    assert.deepEqual(
      ann.notices('chatMessage').map(({ text }) => text),
      ['are you?', 'still here'],
    );
    assert.equal(bob.notices('participantConnectionChanged').at(-1)?.connection, 'connected');
  });

  it('gives a peer up after the grace time', async () => {
    const { open, clock, registry } = start();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    ann.cut();
    clock.advance(29_999);
    assert.equal(registry.rooms.size, 1);
    clock.advance(1);
    assert.equal(registry.rooms.size, 0);
    assert.equal(clock.waiting, 0);
  });

  it('says nothing twice when a chat request is repeated', async () => {
    const { open } = start();
    const ann = await open('ann', 'potluck');
    await enterOwn(ann, 'Ann');
    const first = await ann.request('sendChat', { id: 'x', text: 'once' });
    assert.deepEqual(await ann.request('sendChat', { id: 'x', text: 'twice' }), first);
    assert.equal(ann.notices('chatMessage').length, 1);
  });

  it('opens video only when it is shown, pauses it when it no longer is, and picks layers by size', async () => {
    const { open, fabric } = start();
    const ann = await open('ann', 'potluck');
    const bob = await open('bob', 'potluck');
    await enterOwn(bob, 'Bob');
    await bob.request('setView', { video: [] });
    const { producerId } = await enterOwn(ann, 'Ann');
    const consumers = () => [...fabric.room('r').consumers.values()].filter((c) => c.producerId === producerId);
    assert.equal(consumers().length, 0);
    await bob.request('setView', { video: [{ producerId, width: 320, height: 180 }] });
    await settle();
    const [opened] = bob.notices('consumersOpened').slice(-1);
    await bob.request('resumeConsumers', { consumerIds: opened!.consumers.map(({ id }) => id) });
    assert.equal(consumers()[0]?.paused, false);
    await bob.request('setView', { video: [{ producerId, width: 1280, height: 720 }] });
    await settle();
    assert.equal(consumers()[0]?.priority, 100);
    await bob.request('setConsumerPriority', { consumerId: consumers()[0]!.id, priority: 7 });
    await bob.request('setView', { video: [{ producerId, width: 160, height: 90 }] });
    await settle();
    assert.equal(consumers()[0]?.priority, 7, 'what the client ranks itself stays');
    await bob.request('setView', { video: [] });
    await settle();
    assert.equal(consumers()[0]?.paused, true);
  });

  it('offers a new video at once to who shows all there is, and pauses it when the next view leaves it out', async () => {
    const { open, fabric } = start();
    const bob = await open('bob', 'potluck');
    const ann = await open('ann', 'potluck');
    await enterOwn(bob, 'Bob', { firstVideos: 1 });
    await bob.request('setView', { video: [] });
    const { producerId } = await enterOwn(ann, 'Ann');
    const [offered] = bob.notices('consumersOpened').slice(-1);
    assert.deepEqual(
      offered?.consumers.map((one) => one.producerId),
      [producerId],
    );
    await bob.request('resumeConsumers', { consumerIds: offered.consumers.map(({ id }) => id) });
    const consumer = () => [...fabric.room('r').consumers.values()].find((one) => one.producerId === producerId);
    assert.equal(consumer()?.paused, false);
    await bob.request('setView', { video: [] });
    await settle();
    assert.equal(consumer()?.paused, true, 'it was there, and is not shown');
    const next = await open('eve', 'potluck');
    const { producerId: eves } = await enterOwn(next, 'Eve');
    const all = bob.notices('consumersOpened').flatMap(({ consumers }) => consumers.map((one) => one.producerId));
    assert.equal(all.includes(eves), false, 'no longer does it show all there is');
  });

  it('lets both dialects chat with each other', async () => {
    const { open, fabric } = start();
    const own = await open('own', 'potluck');
    await enterOwn(own, 'Own');
    const old = await open('old', 'v3');
    const { id: transportId } = await old.request('createWebRtcTransport', {
      producing: true,
      consuming: true,
      sctpCapabilities: {},
    });
    await old.request('join', { displayName: 'Old', rtpCapabilities: fakeRtpCapabilities, sctpCapabilities: {} });
    const { id } = await old.request('produceData', {
      transportId,
      label: 'chat',
      sctpStreamParameters: { streamId: 0 },
    });
    await settle();
    const media = fabric.room('r');
    media.receiveData(id, 'hello from v3');
    await settle();
    assert.deepEqual(
      own.notices('chatMessage').map(({ peerId, text }) => [peerId, text]),
      [['old', 'hello from v3']],
    );
    await own.request('sendChat', { id: 'c', text: 'hello from here' });
    await settle();
    const relay = old.heard.find(
      ({ name, data }) => name === 'newDataConsumer' && (data as { peerId: string }).peerId === 'own',
    );
    assert.ok(relay, 'the v3 client is offered a chat channel of our client');
    const sent = [...media.dataProducers.values()].find(
      ({ label, transportId: t }) => label === 'chat' && t === undefined,
    )?.sent;
    assert.deepEqual(sent, ['hello from here']);
  });

  it('says goodbye with a code on which clients come back', async () => {
    const { open, sessions } = start();
    const ann = await open('ann', 'potluck');
    const old = await open('old', 'v3');
    sessions.close('the server restarts');
    await settle();
    assert.deepEqual(ann.notices('sessionEnding'), [{ reason: 'serverStopping', message: 'the server restarts' }]);
    assert.deepEqual([ann.socket.ended?.code, old.socket.ended?.code], [1012, 1012]);
  });

  it('ends a session whose worker died for a v3 client, and tells our own which transport is gone', async () => {
    const { open, fabric } = start();
    const ann = await open('ann', 'potluck');
    const { welcome } = await enterOwn(ann, 'Ann');
    const old = await open('old', 'v3');
    await joinV3(old, 'Old');
    fabric.killWorker();
    await settle();
    assert.deepEqual(
      new Set(ann.notices('transportFailed').map((notice) => notice.transportId)),
      new Set([welcome.sendTransport!.id, welcome.receiveTransport!.id]),
    );
    assert.equal(old.socket.ended?.code, 4001);
    assert.equal(fabric.room('r').closed, false);
  });
});
