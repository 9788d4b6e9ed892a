import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoomMedia } from '../../packages/server/src/media/fabric.ts';
import { openInspector } from '../../packages/server/src/media/mediasoup/inspector.ts';
import { killProcess } from '../../packages/server/src/media/mediasoup/worker-process.ts';
import type { ConsumerId, ProducerId, TransportId } from '@potluck/protocol';
import { nextEvent, waitFor } from '@potluck/testkit';
import { decodeRtp, encodeRtp, openUdp, opusOver, type RtpPacket } from './rtp.ts';
import { alternate, consumeOn, openTransport, produceOn, roomId, testFabric, webRtc } from './support.ts';

const twoWorkers = async () => {
  const fabric = await testFabric({ workers: 2 }, { choose: alternate() });
  // The room's first router takes a turn, too.
  const room = await fabric.openRoom(roomId);
  return { fabric, room, b: await openTransport(room), a: await openTransport(room) };
};

const plain = { rtcpMux: true, comedia: true };

describe('Pipes between routers of a room', () => {
  it('carry a producer once under concurrent demand, and end with the last consumer', async () => {
    const { fabric, room, a, b } = await twoWorkers();
    await using _ = fabric;
    assert.equal(room.summary().routers, 2);
    const { id: producerId } = await produceOn(room, a);
    const second = await produceOn(room, a, 'audio');
    assert.equal(room.summary().pipes, 0);
    const consumers = await Promise.all(Array.from({ length: 20 }, () => consumeOn(room, b, producerId)));
    const other = await consumeOn(room, b, second.id);
    assert.equal(room.summary().pipes, 1);
    assert.equal(consumers[0]?.type, 'simple');
    const near = await consumeOn(room, a, producerId);
    for (const { id } of consumers) room.closeConsumer(id);
    room.closeConsumer(near.id);
    assert.equal(room.summary().pipes, 1);
    room.closeConsumer(other.id);
    assert.equal(room.summary().pipes, 0);
    await consumeOn(room, b, producerId);
    assert.equal(room.summary().pipes, 1);
    room.closeProducer(producerId);
    assert.deepEqual([room.summary().pipes, room.summary().consumers], [0, 0]);
    room.close('over');
    assert.equal(fabric.counts().routers, 0);
  });

  it('end when everybody leaves while they are being made', async () => {
    const { fabric, room, a, b } = await twoWorkers();
    await using _ = fabric;
    const { id: producerId } = await produceOn(room, a);
    const late = consumeOn(room, b, producerId);
    room.closeTransport(b);
    await assert.rejects(late);
    const alsoLate = consumeOn(room, b, producerId);
    room.closeProducer(producerId);
    await assert.rejects(alsoLate);
    await waitFor(() => room.summary().pipes === 0, { what: 'no pipe' });
  });

  it('keep two routers apart when both ends consume each other', async () => {
    const { fabric, room, a, b } = await twoWorkers();
    await using _ = fabric;
    const [ofA, ofB] = await Promise.all([produceOn(room, a), produceOn(room, b)]);
    await Promise.all([consumeOn(room, b, ofA.id), consumeOn(room, a, ofB.id)]);
    assert.equal(room.summary().pipes, 1);
  });

  it('carry RTP from worker to worker; pausing follows', async () => {
    const fabric = await testFabric({ workers: 2 }, { choose: alternate() });
    await using _ = fabric;
    const room = await fabric.openRoom(roomId);
    using sender = await openUdp();
    using receiver = await openUdp();
    const to = await room.openPlainTransport({ rtcpMux: true, comedia: false });
    const from = await room.openPlainTransport(plain);
    await room.connectPlainTransport(to.id, { ip: '127.0.0.1', port: receiver.port });
    assert.equal(room.summary().routers, 2);

    const ssrc = 1111;
    const { id: producerId } = await room.produce(from.id, {
      kind: 'audio',
      rtpParameters: opusOver(ssrc),
      paused: true,
    });
    const pausedCopy = await receive(room, to.id, producerId);
    await room.resumeProducer(producerId);
    const received: RtpPacket[] = [];
    receiver.socket.on('message', (data: Buffer) => {
      const packet = decodeRtp(data);
      if (packet) received.push(packet);
    });
    let sequence = 0;
    const send = (payload: string) => {
      const packet = encodeRtp({ payloadType: 111, ssrc, sequence: (sequence += 1), payload });
      sender.socket.send(packet, from.port, '127.0.0.1');
    };
    const arrives = (payload: string) =>
      waitFor(
        () => {
          send(payload);
          return received.some((packet) => packet.payload === payload && packet.ssrc === pausedCopy.ssrc);
        },
        { what: `"${payload}" on the other worker` },
      );
    await arrives('soup is ready');

    await room.pauseProducer(producerId);
    received.length = 0;
    const before = await packetsOf(room, producerId);
    for (let i = 0; i < 20; i += 1) send('behind the door');
    await waitFor(async () => (await packetsOf(room, producerId)) >= before + 20, { what: '20 packets at the door' });
    await room.resumeProducer(producerId);
    await arrives('soup again');
    assert.equal(received.filter(({ payload }) => payload === 'behind the door').length, 0);

    room.closeConsumer(pausedCopy.id);
    assert.equal(room.summary().pipes, 0);
    const { ssrc: newSsrc } = await receive(room, to.id, producerId);
    await waitFor(
      () => {
        send('second helping');
        return received.some((packet) => packet.payload === 'second helping' && packet.ssrc === newSsrc);
      },
      { what: 'media through the pipe that was made again' },
    );
  });

  it('carry nothing while everybody behind them is paused', async () => {
    const inspector = openInspector();
    const { fabric, room, a, b } = await twoWorkers();
    await using _ = fabric;
    const { id: producerId } = await produceOn(room, a);
    const [first, second] = await Promise.all([consumeOn(room, b, producerId), consumeOn(room, b, producerId)]);
    /** Whether the one consumer that feeds the pipe is paused, as the worker sees it. */
    const closed = async () => {
      const dumps = await Promise.all(inspector.ids('consumer').map((id) => inspector.dump('consumer', id)));
      const feeding = (dumps as { type: string; paused: boolean }[]).filter(({ type }) => type === 'pipe');
      assert.equal(feeding.length, 1);
      return feeding[0]?.paused;
    };
    assert.equal(await closed(), true, 'both are paused');
    await room.resumeConsumer(first.id);
    await room.resumeConsumer(second.id);
    await room.pauseConsumer(first.id);
    assert.equal(await closed(), false, 'one needs it');
    await room.pauseConsumer(second.id);
    assert.equal(await closed(), true, 'nobody needs it');
    await room.resumeConsumer(first.id);
    room.closeConsumer(first.id);
    assert.equal(await closed(), true, 'who needed it has gone');
    await room.consume(b, {
      producerId,
      rtpCapabilities: room.rtpCapabilities,
      paused: false,
      enableRtx: true,
      ignoreDtx: true,
    });
    assert.equal(await closed(), false, 'one flows from the start');
    inspector.close();
  });

  it('carry what is said on data channels', async () => {
    const { fabric, room, a, b } = await twoWorkers();
    await using _ = fabric;
    const dataProducerId = await room.produceData(a, {
      sctpStreamParameters: { streamId: 3, ordered: false, maxRetransmits: 1 },
      label: 'chat',
      protocol: '',
    });
    const consumer = await room.consumeData(b, { dataProducerId });
    assert.deepEqual([consumer.label, consumer.sctpStreamParameters.maxRetransmits], ['chat', 1]);
    await room.listenData(dataProducerId);
    assert.equal(room.summary().pipes, 1);
    room.closeDataConsumer(consumer.id);
    assert.equal(room.summary().pipes, 0);
    const bot = await room.openServerData({ label: 'bot', protocol: '' });
    await Promise.all([a, b].map((id) => room.consumeData(id, { dataProducerId: bot })));
    room.sendData(bot, 'hello');
    assert.equal(room.summary().pipes, 0);
  });

  it('die with a worker: the others lose nothing, and demand makes them again', async () => {
    const { fabric, room, a, b } = await twoWorkers();
    await using _ = fabric;
    const [ofA, ofB] = await Promise.all([produceOn(room, a), produceOn(room, b)]);
    await Promise.all([consumeOn(room, b, ofA.id), consumeOn(room, a, ofB.id)]);
    const own = await consumeOn(room, a, ofA.id);
    const lost = nextEvent(room.events, 'transportLost');
    killProcess(fabric.workers()[1]?.pid ?? 0);
    assert.equal((await lost)[0].transportId, b);
    assert.deepEqual(
      { ...room.summary() },
      { routers: 1, transports: 1, producers: 1, consumers: 1, dataProducers: 0, dataConsumers: 0, pipes: 0 },
    );
    await room.resumeConsumer(own.id);
    await waitFor(() => fabric.counts().workers === 2, { what: 'the new worker' });
    const away = await room.openWebRtcTransport({ ...webRtc, awayFrom: a });
    await consumeOn(room, away.id, ofA.id);
    assert.deepEqual([room.summary().routers, room.summary().pipes], [2, 1]);
  });
});

/** Packets that a producer has received, also while it is paused. */
async function packetsOf(room: RoomMedia, id: ProducerId): Promise<number> {
  const [stat] = await room.stats({ kind: 'producer', id });
  return stat && 'packetCount' in stat && typeof stat.packetCount === 'number' ? stat.packetCount : 0;
}

async function receive(
  room: RoomMedia,
  transportId: TransportId,
  producerId: ProducerId,
): Promise<{ id: ConsumerId; ssrc: number }> {
  const { id, rtpParameters } = await consumeOn(room, transportId, producerId);
  await room.resumeConsumer(id);
  const ssrc = rtpParameters.encodings?.[0]?.ssrc;
  assert.ok(ssrc !== undefined);
  return { id, ssrc };
}
