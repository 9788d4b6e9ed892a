/**
 * Proves a worker binary: `node selftest.ts <path of the binary>`.
 *
 * A worker that only answers its control channel proves little: a build against a libssl with kernel TLS starts, makes
 * routers and transports, and dies at the first DTLS handshake. So a real WebRTC client goes through it.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as mediasoup from 'mediasoup';
import type { types } from 'mediasoup';
import type { types as clientTypes } from 'mediasoup-client';
import type { TestClient } from './selftest-client.ts';

const stepTimeoutMs = 6_000;
const framesWanted = 3;
const rtpMark = Buffer.from('potluck-self-test');

const mediaCodecs: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90000 },
];

/** One thing that was proven, in words. */
type Proof = string;

/** The way of the media: from the client up to the router, and down to the client again. */
type Path = { router: types.Router; up: types.WebRtcTransport; down: types.WebRtcTransport; client: TestClient };

await main(process.argv[2]);

async function main(workerBin: string | undefined): Promise<void> {
  const started = performance.now();
  if (!workerBin) return end(1, 'no worker binary was named');
  mediasoup.setLogEventListeners({ onerror: (_namespace, log) => console.error(log) });

  let worker: types.Worker | undefined;
  try {
    worker = await within('start the worker', mediasoup.createWorker({ workerBin, logLevel: 'none' }));
    const proofs = await Promise.race([prove(worker), death(worker)]);
    const pid = worker.pid;
    await ended(worker);
    if (isAlive(pid)) throw new Error('the worker did not end when it was closed');
    end(0, `${['the worker starts and ends', ...proofs].join(', ')} (${seconds(started)})`);
  } catch (error) {
    if (worker && !worker.subprocessClosed) process.kill(worker.pid, 'SIGKILL');
    end(1, error instanceof Error ? error.message : String(error));
  }
}

async function prove(worker: types.Worker): Promise<Proof[]> {
  const router = await within('create a router', worker.createRouter({ mediaCodecs }));
  const proofs = [await proveSrtp(router)];
  const webrtc = await import('./selftest-client.ts').catch(() => undefined);
  if (!webrtc)
    return [...proofs, 'DTLS and data channels could not be tested without a WebRTC client for this platform'];

  const [up, down] = await Promise.all([openTransport(router), openTransport(router)]);
  const capabilities = router.rtpCapabilities as clientTypes.RtpCapabilities;
  const client = await webrtc.openClient(capabilities, optionsOf(up), optionsOf(down));
  connectThrough(client.sending, up);
  connectThrough(client.receiving, down);
  const path = { router, up, down, client };
  try {
    return [...proofs, await proveVideo(path), await proveData(path)];
  } finally {
    client.close();
  }
}

async function proveVideo({ router, up, down, client }: Path): Promise<Proof> {
  const produced = Promise.withResolvers<types.Producer>();
  client.sending.on('produce', ({ kind, rtpParameters }, callback, errback) => {
    up.produce({ kind, rtpParameters }).then((producer) => {
      callback({ id: producer.id });
      produced.resolve(producer);
    }, errback);
  });
  await within('shake hands over DTLS and send video', client.sending.produce({ track: client.camera }));
  const producer = await produced.promise;
  const { rtpCapabilities } = router;
  const consumer = await within(
    'create a consumer',
    down.consume({ producerId: producer.id, rtpCapabilities, paused: true }),
  );
  const { id, kind } = consumer;
  const rtpParameters = consumer.rtpParameters as clientTypes.RtpParameters;
  const received = await within(
    'receive video',
    client.receiving.consume({ id, kind, producerId: producer.id, rtpParameters }),
  );

  let frames = 0;
  const enough = Promise.withResolvers<void>();
  client.watch(received.track, () => {
    if (++frames >= framesWanted) enough.resolve();
  });
  await consumer.resume();
  await within('bring video that can be decoded', enough.promise);
  return 'video was decoded after DTLS and SRTP in both directions';
}

/** The client's message goes up to a transport in this process, and the answer comes back down another way. */
async function proveData({ router, up, down, client }: Path): Promise<Proof> {
  const direct = await router.createDirectTransport();
  const produced = Promise.withResolvers<types.DataProducer>();
  client.sending.on('producedata', ({ sctpStreamParameters }, callback, errback) => {
    up.produceData({ sctpStreamParameters: sctpStreamParameters as types.SctpStreamParameters }).then((producer) => {
      callback({ id: producer.id });
      produced.resolve(producer);
    }, errback);
  });
  const question = await within('open a data channel', client.sending.produceData({ ordered: true }));
  const hears = await direct.consumeData({ dataProducerId: (await produced.promise).id });
  const answer = await direct.produceData();
  hears.on('message', (message) => answer.send(`${message.toString()} back`));

  const back = await down.consumeData({ dataProducerId: answer.id });
  const heard = Promise.withResolvers<unknown>();
  const listening = await client.receiving.consumeData({
    id: back.id,
    dataProducerId: answer.id,
    sctpStreamParameters: back.sctpStreamParameters as clientTypes.SctpStreamParameters,
  });
  listening.on('message', heard.resolve);
  await within('open the data channels', Promise.all([opened(question), opened(listening)]));
  question.send('there and');
  const text = await within('bring a data channel message there and back', heard.promise);
  if (text !== 'there and back') throw new Error('a data channel message was changed on its way');
  return 'a data channel message went there and back';
}

/** Plain transports take their SRTP keys as parameters, so this part needs no WebRTC client: router to router, encrypted. */
async function proveSrtp(router: types.Router): Promise<Proof> {
  const [direct, from, to] = await Promise.all([router.createDirectTransport(), openPlain(router), openPlain(router)]);
  await from.connect({ ip: '127.0.0.1', port: to.tuple.localPort, srtpParameters: to.srtpParameters! });
  await to.connect({ ip: '127.0.0.1', port: from.tuple.localPort, srtpParameters: from.srtpParameters! });
  const ssrc = 0x50544c4b;
  const rtpParameters: types.RtpParameters = {
    codecs: [{ mimeType: 'audio/opus', payloadType: 100, clockRate: 48000, channels: 2 }],
    encodings: [{ ssrc }],
  };
  const producer = await direct.produce({ kind: 'audio', rtpParameters });
  const { rtpCapabilities } = router;
  const outgoing = await from.consume({ producerId: producer.id, rtpCapabilities });
  const incoming = await to.produce({ kind: 'audio', rtpParameters: outgoing.rtpParameters });
  const arriving = await direct.consume({ producerId: incoming.id, rtpCapabilities });

  const arrived = Promise.withResolvers<void>();
  arriving.on('rtp', (packet) => {
    if (packet.includes(rtpMark)) arrived.resolve();
  });
  let sequence = 0;
  const sending = setInterval(() => producer.send(rtpPacket(ssrc, sequence++)), 20);
  try {
    await within('bring RTP through SRTP', arrived.promise);
  } finally {
    clearInterval(sending);
  }
  return 'RTP went through SRTP unharmed';
}

function openTransport(router: types.Router): Promise<types.WebRtcTransport> {
  return router.createWebRtcTransport({
    listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }],
    enableSctp: true,
  });
}

function openPlain(router: types.Router): Promise<types.PlainTransport> {
  return router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    comedia: false,
    enableSrtp: true,
    srtpCryptoSuite: 'AEAD_AES_128_GCM',
  });
}

function optionsOf(transport: types.WebRtcTransport): clientTypes.TransportOptions {
  const { id, iceParameters, iceCandidates, dtlsParameters, sctpParameters } = transport;
  return { id, iceParameters, iceCandidates, dtlsParameters, sctpParameters } as clientTypes.TransportOptions;
}

function connectThrough(transport: clientTypes.Transport, server: types.WebRtcTransport): void {
  transport.on('connect', ({ dtlsParameters }, callback, errback) => {
    server.connect({ dtlsParameters }).then(callback, errback);
  });
}

function opened(channel: { readyState: string; once(event: 'open', listener: () => void): unknown }): Promise<void> {
  if (channel.readyState === 'open') return Promise.resolve();
  return new Promise((resolve) => channel.once('open', resolve));
}

function rtpPacket(ssrc: number, sequence: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(100, 1);
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(sequence * 960, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, rtpMark]);
}

async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const patience = new AbortController();
  const tooLate = delay(stepTimeoutMs, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`it did not ${what} within ${stepTimeoutMs / 1000} s`);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw reason.startsWith('it did not') ? error : new Error(`it did not ${what}: ${reason}`, { cause: error });
  } finally {
    tooLate.catch(() => {});
    patience.abort();
  }
}

function death(worker: types.Worker): Promise<never> {
  return new Promise((_, reject) => worker.on('died', (error) => reject(new Error(`it died: ${error.message}`))));
}

function ended(worker: types.Worker): Promise<void> {
  const gone = new Promise<void>((resolve) => worker.on('subprocessclose', () => resolve()));
  worker.close();
  return within('end', gone);
}

function isAlive(pid: number): boolean {
  try {
    // A zombie still answers to signals; only /proc tells it from a living process.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function end(code: 0 | 1, sentence: string): void {
  const line = code === 0 ? `Passed: ${sentence}` : `Failed: ${sentence}`;
  // libwebrtc's own threads would keep the process, so it is ended as soon as the line is out.
  process.stdout.write(`${line}\n`, () => process.exit(code));
}
