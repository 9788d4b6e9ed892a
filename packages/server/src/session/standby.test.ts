import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type TransportId } from '@potluck/protocol';
import { fakeRtpParameters, settle } from '@potluck/testkit';
import { enterOwn, startSessions } from './testing.ts';

const afterMs = 1000;

/** Ann sends a camera and holds a standby; Bob receives it. */
async function start(workers = 2) {
  const { fabric, clock, open } = startSessions('open', undefined, { standbyAfterMs: afterMs });
  const ann = await open('ann', 'potluck');
  const room = fabric.room('r');
  room.workers = workers;
  const { welcome, producerId } = await enterOwn(ann, 'Ann');
  const bob = await open('bob', 'potluck');
  const bobs = await enterOwn(bob, 'Bob');
  const waitForStandby = async () => {
    clock.advance(2 * afterMs);
    await settle();
  };
  const active: TransportId[] = [welcome.sendTransport!.id, welcome.receiveTransport!.id];
  const produceAgain = (transportId: TransportId) =>
    ann.request('produce', {
      transportId,
      kind: 'video',
      rtpParameters: fakeRtpParameters('video'),
      appData: { source: 'camera' },
      replaces: producerId,
    });
  /** As a client does that is told of a standby to move to, sending transport first. */
  const movesTo = async (ids: TransportId[]) => {
    for (const transportId of ids) room.events.emit('transportConnected', { transportId });
    await settle();
    await produceAgain(ids[0]!);
    await settle();
    assert.deepEqual(
      ann.notices('transportReplaced').map(({ by }) => by),
      ids,
    );
  };
  return { fabric, room, clock, ann, bob, bobs, producerId, active, waitForStandby, produceAgain, movesTo };
}

describe('Standby', () => {
  it('is opened some time after entering, on another worker', async () => {
    const { ann, room, active, waitForStandby } = await start();
    assert.deepEqual(ann.notices('standbyOpened'), []);
    await waitForStandby();
    const [standby] = ann.notices('standbyOpened');
    assert.ok(standby?.sendTransport && standby.receiveTransport);
    assert.deepEqual([room.workerOf(active[0]!), room.workerOf(standby.sendTransport.id)], [0, 1]);
    assert.equal(room.workerOf(standby.receiveTransport.id), 1);
  });

  it('can be connected by a data channel also where the client wants none', async () => {
    const { clock, fabric, open } = startSessions('open', undefined, { standbyAfterMs: afterMs });
    const ann = await open('ann', 'potluck', { datachannel: 'false' });
    fabric.room('r').workers = 2;
    const { welcome } = await enterOwn(ann, 'Ann');
    clock.advance(2 * afterMs);
    await settle();
    const [standby] = ann.notices('standbyOpened');
    assert.equal(welcome.receiveTransport?.sctpParameters, undefined);
    assert.ok(standby?.sendTransport?.sctpParameters && standby.receiveTransport?.sctpParameters);
  });

  it('waits for a second worker', async () => {
    const { ann, room, waitForStandby } = await start(1);
    await waitForStandby();
    assert.deepEqual(ann.notices('standbyOpened'), []);
    room.workers = 2;
    room.events.emit('workerStarted');
    await waitForStandby();
    assert.equal(ann.notices('standbyOpened').length, 1);
  });

  it('takes over when the worker dies: consumers come at once, and others see one track that moves', async () => {
    const { ann, bob, bobs, room, active, producerId, waitForStandby, produceAgain } = await start();
    await waitForStandby();
    const [standby] = ann.notices('standbyOpened');
    const opened = ann.notices('consumersOpened').length;
    room.loseTransports('worker died', active);
    await settle();
    assert.deepEqual(
      ann.notices('transportReplaced').map(({ by, lost }) => [by, lost]),
      [
        [standby!.sendTransport!.id, true],
        [standby!.receiveTransport!.id, true],
      ],
    );
    assert.deepEqual(ann.notices('transportFailed'), []);
    const again = ann.notices('consumersOpened').slice(opened);
    assert.deepEqual(
      again.flatMap(({ consumers }) => consumers.map((consumer) => consumer.producerId)),
      [bobs.producerId],
    );
    assert.deepEqual(bob.notices('producerMoving'), [{ peerId: 'ann', producerId }]);

    const { id } = await produceAgain(standby!.sendTransport!.id);
    await settle();
    assert.deepEqual(
      bob.notices('producerReplaced').map((notice) => [notice.producerId, notice.producer.id]),
      [[producerId, id]],
    );
    assert.deepEqual([bob.notices('producerClosed'), bob.notices('producerOpened')], [[], []]);
    await waitForStandby();
    assert.equal(ann.notices('standbyOpened').length, 2, 'there is a new one');
  });

  it('is no help when it dies itself: a new one is built, nothing else happens', async () => {
    const { ann, room, waitForStandby } = await start();
    await waitForStandby();
    const [standby] = ann.notices('standbyOpened');
    room.loseTransports('worker died', [standby!.sendTransport!.id, standby!.receiveTransport!.id]);
    await waitForStandby();
    assert.equal(ann.notices('standbyOpened').length, 2);
    assert.deepEqual([ann.notices('transportReplaced'), ann.notices('transportFailed')], [[], []]);
  });

  it('offers nothing of a transport that was lost while its consumers were made', async () => {
    const { ann, bob, bobs, room, active, waitForStandby } = await start();
    const second = await bob.request('produce', {
      transportId: bobs.welcome.sendTransport!.id,
      kind: 'audio',
      rtpParameters: fakeRtpParameters('audio'),
    });
    await settle();
    await waitForStandby();
    const [standby] = ann.notices('standbyOpened');
    const opened = ann.notices('consumersOpened').length;
    const late = Promise.withResolvers<void>();
    const consume = room.consume.bind(room);
    room.consume = async (transportId, options) => {
      const made = await consume(transportId, options);
      if (options.producerId === second.id) await late.promise;
      return made;
    };
    room.loseTransports('worker died', active);
    await settle();
    room.loseTransports('worker died', [standby!.sendTransport!.id, standby!.receiveTransport!.id]);
    late.resolve();
    await settle();
    assert.deepEqual(ann.notices('consumersOpened').slice(opened), []);
    const { id: transportId } = await ann.request('createWebRtcTransport', { producing: false, consuming: true });
    await settle();
    const offers = ann.notices('consumersOpened').slice(opened);
    assert.deepEqual(
      offers.map((offer) => [offer.transportId, offer.consumers.map(({ producerId }) => producerId)]),
      [[transportId, [bobs.producerId, second.id]]],
    );
  });

  it('begins with the downlink that the transport before found out, unless both share a narrow one', async () => {
    const found = async (availableBitrate: number, lost: boolean) => {
      const { ann, room, active, waitForStandby, produceAgain } = await start();
      await waitForStandby();
      const [standby] = ann.notices('standbyOpened');
      const estimate = { availableBitrate, desiredBitrate: 2_000_000, effectiveDesiredBitrate: 2_000_000 };
      const receive = standby!.receiveTransport!.id;
      room.events.emit('downlinkEstimated', { transportId: active[1]!, estimate });
      room.events.emit('downlinkEstimated', { transportId: receive, estimate: { ...estimate, availableBitrate: 1 } });
      if (lost) room.loseTransports('worker died', active);
      else {
        room.events.emit('moveWanted', { worker: 0, only: new Set([active[0]!]) });
        for (const { id: transportId } of [standby!.sendTransport!, standby!.receiveTransport!])
          room.events.emit('transportConnected', { transportId });
        await settle();
        await produceAgain(standby!.sendTransport!.id);
      }
      await settle();
      return room.calls.list
        .filter(({ method }) => method === 'expectDownlink')
        .map(({ args }) => [args[0] === receive, args[1]]);
    };
    assert.deepEqual(await found(3_000_000, false), [[true, 3_000_000]]);
    assert.deepEqual(await found(500_000, false), []);
    assert.deepEqual(await found(500_000, true), [[true, 500_000]], 'nothing else takes its room');
  });

  it('is given up for a while when the client cannot connect it', async () => {
    const { ann, room, clock, waitForStandby } = await start();
    await waitForStandby();
    const before = room.transports.size;
    clock.advance(15_000);
    await settle();
    assert.equal(room.transports.size, before - 4, 'of both');
    clock.advance(50_000);
    await settle();
    assert.equal(ann.notices('standbyOpened').length, 1);
  });

  it('is waited for when the media is to move while it is being made', async () => {
    const { ann, room, active, waitForStandby, movesTo } = await start();
    const release = room.calls.hold('openWebRtcTransport');
    await waitForStandby();
    room.events.emit('moveWanted', { worker: 0, only: new Set([active[0]!]) });
    await settle();
    assert.deepEqual(ann.notices('standbyOpened'), []);
    release();
    await settle();
    const [standby, ...more] = ann.notices('standbyOpened');
    assert.deepEqual(more, []);
    const ids = [standby!.sendTransport!.id, standby!.receiveTransport!.id];
    await movesTo(ids);
  });

  it('is made anew where the media is to go', async () => {
    const { ann, room, active, waitForStandby, movesTo } = await start(3);
    await waitForStandby();
    assert.equal(room.workerOf(ann.notices('standbyOpened')[0]!.sendTransport!.id), 1);
    room.events.emit('moveWanted', { worker: 0, to: 2, only: new Set([active[0]!]) });
    await settle();
    const [, next] = ann.notices('standbyOpened');
    const ids = [next!.sendTransport!.id, next!.receiveTransport!.id];
    assert.deepEqual(
      ids.map((id) => room.workerOf(id)),
      [2, 2],
    );
    await movesTo(ids);
  });

  it('carries what leaves a drained worker, before the old path goes', async () => {
    const { ann, bob, clock, room, active, bobs, waitForStandby, produceAgain } = await start();
    await waitForStandby();
    const [standby] = ann.notices('standbyOpened');
    const ids = [standby!.sendTransport!.id, standby!.receiveTransport!.id];
    const flowing = ann.notices('consumersOpened').flatMap(({ consumers }) => consumers);
    room.events.emit('moveWanted', { worker: 0 });
    await settle();
    assert.deepEqual(ann.notices('transportReplaced'), [], 'it is not connected yet');
    for (const transportId of ids) room.events.emit('transportConnected', { transportId });
    await settle();
    const moved = () =>
      ann.notices('transportReplaced').map(({ transportId, by, lost }) => [transportId, by, lost] as const);
    assert.deepEqual(moved(), [[active[0], ids[0], false]], 'first what it sends');
    await produceAgain(ids[0]!);
    await settle();
    assert.equal(bob.notices('transportReplaced').length, 0);
    // Bob does not connect his: nobody waits for him for long.
    clock.advance(2000);
    await settle();
    assert.deepEqual(
      moved(),
      active.map((id, index) => [id, ids[index], false]),
    );
    await settle();
    const opened = ann.notices('consumersOpened').flatMap(({ consumers }) => consumers);
    assert.deepEqual(
      opened.slice(flowing.length).map(({ producerId }) => producerId),
      [bobs.producerId],
    );
    assert.deepEqual(ann.notices('consumerClosed'), [], 'the old ones flow on');
    const consumerIds = opened.map(({ id }) => id);
    await ann.request('resumeConsumers', { consumerIds });
    await ann.request('closeTransport', { transportId: active[1]! });
    await settle();
    assert.deepEqual(ann.notices('consumerClosed'), [{ consumerId: flowing[0]!.id }]);
  });

  it('has those who leave together take up each track once, when all of them send elsewhere', async () => {
    const { ann, bob, bobs, room, producerId, waitForStandby, produceAgain } = await start();
    await waitForStandby();
    const offersTo = (client: typeof ann) => client.notices('consumersOpened').flatMap(({ consumers }) => consumers);
    const before = offersTo(bob).map(({ id }) => id);
    const standbys = [ann, bob].map((client) => client.notices('standbyOpened')[0]!);
    room.events.emit('moveWanted', { worker: 0 });
    for (const { sendTransport, receiveTransport } of standbys)
      for (const { id: transportId } of [sendTransport!, receiveTransport!])
        room.events.emit('transportConnected', { transportId });
    await settle();
    const { id } = await produceAgain(standbys[0]!.sendTransport!.id);
    await settle();
    assert.equal(offersTo(bob).length, before.length, 'Bob keeps what he has until he receives elsewhere');
    assert.deepEqual(
      before.map((one) => room.consumers.has(one)),
      [true],
    );
    const next = await bob.request('produce', {
      transportId: standbys[1]!.sendTransport!.id,
      kind: 'video',
      rtpParameters: fakeRtpParameters('video'),
      appData: { source: 'camera' },
      replaces: bobs.producerId,
    });
    await settle();
    const last = [ann, bob].map((client) => client.notices('consumersOpened').at(-1));
    assert.deepEqual(
      last.map((offer) => [offer?.transportId, offer?.consumers.map((one) => one.producerId)]),
      [
        [standbys[0]!.receiveTransport!.id, [next.id]],
        [standbys[1]!.receiveTransport!.id, [id]],
      ],
    );
    assert.deepEqual(
      [ann, bob].map((client) => offersTo(client).length),
      [2, 2],
      'each once before and once after',
    );
    assert.ok(
      before.every((one) => room.consumers.has(one)),
      'what flowed flows on',
    );
    assert.notEqual(id, producerId);
  });

  it('lets a picture flow on in its old place until its receivers show the new one, and then tells its sender', async () => {
    const { ann, bob, room, producerId, waitForStandby, produceAgain } = await start();
    const [before] = bob.notices('consumersOpened').flatMap(({ consumers }) => consumers);
    assert.ok(before);
    await bob.request('resumeConsumers', { consumerIds: [before.id] });
    await waitForStandby();
    const [standby] = ann.notices('standbyOpened');
    const ids = [standby!.sendTransport!.id, standby!.receiveTransport!.id];
    room.events.emit('moveWanted', { worker: 0 });
    for (const transportId of ids) room.events.emit('transportConnected', { transportId });
    await settle();
    const { id } = await produceAgain(standby!.sendTransport!.id);
    const size = { width: 320, height: 180 };
    await bob.request('setView', { video: [{ producerId: id, ...size }] });
    await settle();
    assert.equal(room.consumers.get(before.id)?.paused, false, 'the client names the new one only');
    assert.deepEqual(ann.notices('producerReleased'), []);

    const after = bob
      .notices('consumersOpened')
      .flatMap(({ consumers }) => consumers.filter((one) => one.producerId === id));
    await bob.request('releaseConsumers', { consumerIds: [before.id, after[0]!.id] });
    await settle();
    assert.deepEqual([room.consumers.has(before.id), room.consumers.has(after[0]!.id)], [false, true]);
    assert.deepEqual(ann.notices('producerReleased'), [{ producerId }]);
    assert.deepEqual(bob.notices('consumerClosed'), []);
  });
});
