import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@potluck/kernel';
import { WebRtcTransportInfo } from '@potluck/protocol';
import { fakeRtpParameters, nextEvent, settle } from '@potluck/testkit';
import { consumeOn, openTransport, produceOn, roomId, testFabric, webRtc } from './support.ts';

const nothing = {
  rooms: 0,
  routers: 0,
  transports: 0,
  producers: 0,
  consumers: 0,
  dataProducers: 0,
  dataConsumers: 0,
  pipes: 0,
};

const hasCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

describe('RoomMedia on a real worker', () => {
  it('holds what was opened, and nothing after closing', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const [send, receive] = [await openTransport(room), await openTransport(room)];
    const { id: producerId, type } = await produceOn(room, send);
    assert.equal(type, 'simple');
    const consumer = await consumeOn(room, receive, producerId);
    assert.equal(consumer.producerPaused, false);
    assert.equal(consumer.rtpParameters.codecs[0]?.mimeType, 'video/VP8');
    const dataProducerId = await room.produceData(send, {
      sctpStreamParameters: { streamId: 0, ordered: true },
      label: 'chat',
      protocol: '',
    });
    const data = await room.consumeData(receive, { dataProducerId });
    assert.equal(data.label, 'chat');
    assert.deepEqual(room.summary(), {
      routers: 1,
      transports: 2,
      producers: 1,
      consumers: 1,
      dataProducers: 1,
      dataConsumers: 1,
      pipes: 0,
    });
    const [worker] = fabric.workers();
    assert.equal(worker?.state, 'running');
    assert.equal(worker?.consumers, 1);

    room.closeProducer(producerId);
    assert.equal(room.summary().consumers, 0);
    room.closeTransport(send);
    assert.equal(room.summary().dataConsumers, 0);
    room.close('over');
    room.close('again');
    assert.deepEqual(fabric.counts(), { ...nothing, workers: 1 });
  });

  it('tells clients where to connect', async () => {
    await using fabric = await testFabric({ announcedAddresses: ['203.0.113.7'] });
    const room = await fabric.openRoom(roomId);
    const info = await room.openWebRtcTransport(webRtc);
    assert.deepEqual(WebRtcTransportInfo.parse(info), info);
    const seen = info.iceCandidates.map(({ protocol, address, ip }) => `${protocol} ${address} ${ip}`);
    assert.deepEqual(seen, [
      'udp 203.0.113.7 203.0.113.7',
      'udp 127.0.0.1 127.0.0.1',
      'tcp 203.0.113.7 203.0.113.7',
      'tcp 127.0.0.1 127.0.0.1',
    ]);
    assert.equal(info.sctpParameters?.maxMessageSize, 262_144);
    assert.equal(info.sctpParameters?.port, 5000);

    const tcp = await room.openWebRtcTransport({ ...webRtc, forceTcp: true, sctp: false });
    assert.deepEqual(
      [...new Set(tcp.iceCandidates.map(({ protocol, tcpType }) => `${protocol} ${tcpType}`))],
      ['tcp passive'],
    );
    assert.equal('sctpParameters' in tcp, false);
  });

  it('survives a fraction where the engine wants a whole number', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const transport = await openTransport(room);
    const rtpParameters = { ...fakeRtpParameters('video'), encodings: [{ ssrc: 7, maxBitrate: 100.5 }] };
    await room.produce(transport, { kind: 'video', rtpParameters, paused: false });
    await openTransport(room);
  });

  it('closes what arrives after the room has ended', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const [send, receive] = [await openTransport(room), await openTransport(room)];
    const { id: producerId } = await produceOn(room, send);
    const late = [openTransport(room), produceOn(room, send, 'audio'), consumeOn(room, receive, producerId)];
    room.close('in the middle');
    for (const outcome of await Promise.allSettled(late)) assert.equal(outcome.status, 'rejected');
    assert.deepEqual(fabric.counts(), { ...nothing, workers: 1 });
  });

  it('closes what arrives after its transport or producer has closed', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const [send, receive] = [await openTransport(room), await openTransport(room)];
    const { id: producerId } = await produceOn(room, send);
    const ofClosedProducer = consumeOn(room, receive, producerId);
    room.closeProducer(producerId);
    await assert.rejects(ofClosedProducer, hasCode('not_found'));
    const onClosedTransport = produceOn(room, send);
    room.closeTransport(send);
    await assert.rejects(onClosedTransport, hasCode('not_found'));
    const { producers, consumers, transports } = room.summary();
    assert.deepEqual({ producers, consumers, transports }, { producers: 0, consumers: 0, transports: 1 });
  });

  it('sends and hears data of the server itself', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const receive = await openTransport(room);
    const bot = await room.openServerData({ label: 'bot', protocol: '' });
    const consumer = await room.consumeData(receive, { dataProducerId: bot });
    assert.equal(consumer.label, 'bot');
    assert.equal(consumer.sctpStreamParameters.ordered, true);
    room.sendData(bot, 'x'.repeat(2000));
    room.sendData(bot, new Uint8Array([1, 2, 3]));
    room.sendData(bot, '');
    assert.throws(() => room.sendData(bot, 'x'.repeat(300_000)), hasCode('too_large'));
    await settle();
    room.closeDataProducer(bot);
    assert.equal(room.summary().dataConsumers, 0);
    await openTransport(room);
  });

  it('emits closed once, with the reason', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const closed = nextEvent(room.events, 'closed');
    room.close('over');
    assert.deepEqual(await closed, ['over']);
  });
});
