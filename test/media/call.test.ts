import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, describe, it } from 'node:test';
import { Device, type types } from 'mediasoup-client';
import { waitFor } from '@potluck/testkit';
import { DtlsParameters, ProducerId, RtpCapabilities, RtpParameters, SctpStreamParameters } from '@potluck/protocol';
import type { RoomMedia } from '../../packages/server/src/media/fabric.ts';
import { exitAfterTests, fakeCamera } from '../sdk/runtime.ts';
import { alternate, roomId, testFabric, webRtc } from './support.ts';

// libwebrtc for Node is CommonJS; mediasoup-client looks for its classes among the globals.
const wrtc = createRequire(import.meta.url)('@roamhq/wrtc') as typeof import('@roamhq/wrtc');
const { nonstandard, ...classes } = wrtc;
Object.assign(globalThis, classes);

after(exitAfterTests);

describe('A call through two workers', () => {
  it('carries video that can be decoded, and messages to and from the server', { timeout: 20_000 }, async () => {
    await using fabric = await testFabric({ workers: 2 }, { choose: alternate() });
    const room = await fabric.openRoom(roomId);
    const device = new Device({ handlerName: 'Chrome111' });
    await device.load({ routerRtpCapabilities: plain(room.rtpCapabilities) });
    const connected: string[] = [];
    room.events.on('transportConnected', ({ transportId }) => void connected.push(transportId));
    const estimates: number[] = [];
    room.events.on('downlinkEstimated', ({ estimate }) => void estimates.push(estimate.availableBitrate));

    using receiving = await openTransport(room, device, 'receive');
    using sending = await openTransport(room, device, 'send');
    using camera = fakeCamera();
    const producer = await sending.transport.produce({ track: camera.track });
    const { id, kind, rtpParameters } = await room.consume(receiving.id, {
      producerId: ProducerId.parse(producer.id),
      rtpCapabilities: RtpCapabilities.parse(plain(device.recvRtpCapabilities)),
      paused: true,
      enableRtx: true,
      ignoreDtx: true,
    });
    assert.deepEqual([room.summary().routers, room.summary().pipes], [2, 1]);
    const consumer = await receiving.transport.consume({
      id,
      kind,
      producerId: producer.id,
      rtpParameters: plain(rtpParameters),
    });
    let frames = 0;
    using _ = watch(consumer.track, () => (frames += 1));
    await room.resumeConsumer(id);
    await waitFor(() => frames >= 3, { what: 'three decoded frames' });
    assert.deepEqual(connected.toSorted(), [sending.id, receiving.id].toSorted());
    await waitFor(() => estimates.length > 0, { what: 'a downlink estimate' });

    const question = await sending.transport.produceData({ label: 'bot', ordered: true });
    const answers = await room.openServerData({ label: 'bot', protocol: '' });
    const toBot = await waitFor(() => lastDataProducer.get(room), { what: 'the data producer' });
    room.events.on('dataReceived', ({ message, ppid }) => {
      room.sendData(answers, `${ppid}: ${Buffer.from(message).toString()}`);
    });
    await room.listenData(toBot);
    const { sctpStreamParameters, ...opened } = await room.consumeData(receiving.id, { dataProducerId: answers });
    const heard: unknown[] = [];
    const listening = await receiving.transport.consumeData({
      ...opened,
      dataProducerId: answers,
      sctpStreamParameters,
    });
    listening.on('message', (message: unknown) => heard.push(message));
    await waitFor(() => [question, listening].every(({ readyState }) => readyState === 'open'), {
      what: 'data channels',
    });
    question.send('hello');
    question.send('x'.repeat(2000));
    await waitFor(() => heard.length === 2, { what: 'two answers' });
    assert.deepEqual(heard, ['51: hello', `51: ${'x'.repeat(2000)}`]);
  });
});

/** mediasoup-client's types have `undefined` where ours have absence. */
const plain = <T>(value: unknown): T => JSON.parse(JSON.stringify(value)) as T;

const lastDataProducer = new WeakMap<RoomMedia, Awaited<ReturnType<RoomMedia['produceData']>>>();

/** A client's transport, signalled by plain calls. */
async function openTransport(room: RoomMedia, device: Device, direction: 'send' | 'receive') {
  const info = await room.openWebRtcTransport({ ...webRtc, reportDownlink: true, maxIncomingBitrate: 1_500_000 });
  const options = plain<types.TransportOptions>(info);
  const transport = direction === 'send' ? device.createSendTransport(options) : device.createRecvTransport(options);
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    room.connectWebRtcTransport(info.id, DtlsParameters.parse(plain(dtlsParameters))).then(done, failed);
  });
  transport.on('produce', ({ kind, rtpParameters }, done, failed) => {
    const parameters = RtpParameters.parse(plain(rtpParameters));
    room.produce(info.id, { kind, rtpParameters: parameters, paused: false }).then(done, failed);
  });
  transport.on('producedata', ({ sctpStreamParameters, label = '', protocol = '' }, done, failed) => {
    const parameters = SctpStreamParameters.parse(plain(sctpStreamParameters));
    room.produceData(info.id, { sctpStreamParameters: parameters, label, protocol }).then((id) => {
      lastDataProducer.set(room, id);
      done({ id });
    }, failed);
  });
  return { id: info.id, transport, [Symbol.dispose]: () => transport.close() };
}

/** Calls `seen` for every decoded frame. */
function watch(track: MediaStreamTrack, seen: () => void): Disposable {
  const sink = new nonstandard.RTCVideoSink(track);
  sink.onframe = seen;
  return { [Symbol.dispose]: () => sink.stop() };
}
