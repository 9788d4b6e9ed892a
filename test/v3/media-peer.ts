import { createRequire } from 'node:module';
import { Device, type types } from 'mediasoup-client';
import { waitFor } from '@potluck/testkit';
import { sctpCapabilities, type V3Client } from '@potluck/testkit/v3-client';

// mediasoup-client looks for WebRTC among the globals.
const { nonstandard: _, ...classes } = createRequire(import.meta.url)('@roamhq/wrtc') as typeof import('@roamhq/wrtc');
Object.assign(globalThis, classes);

/** What the v3 apps are: mediasoup-client behind the v3 messages, with real WebRTC. */
export type MediaPeer = {
  readonly client: V3Client;
  readonly sending: types.Transport;
  readonly receiving: types.Transport;
  readonly consumers: Map<string, types.Consumer>;
  readonly dataConsumers: types.DataConsumer[];
  /** Messages of data channels with their label, as text or as bytes. */
  readonly messages: { label: string; data: string | Uint8Array }[];
  produce(track: MediaStreamTrack, options?: Partial<types.ProducerOptions>): Promise<types.Producer>;
  produceData(label: string): Promise<types.DataProducer>;
  /** The consumer of another peer's track, once it is there. */
  consumerOf(peerId: string, kind: 'audio' | 'video'): Promise<types.Consumer>;
  close(): void;
};

export async function openMediaPeer(
  client: V3Client,
  { forceTcp = false, displayName = client.peerId } = {},
): Promise<MediaPeer> {
  const device = new Device({ handlerName: 'Chrome111' });
  await device.load({ routerRtpCapabilities: await client.request('getRouterRtpCapabilities') });
  const transport = (producing: boolean) =>
    client.request('createWebRtcTransport', {
      forceTcp,
      producing,
      consuming: !producing,
      sctpCapabilities,
    }) as Promise<types.TransportOptions>;
  const sending = device.createSendTransport(await transport(true));
  const receiving = device.createRecvTransport(await transport(false));
  for (const one of [sending, receiving]) {
    one.on('connect', ({ dtlsParameters }, done, failed) => {
      client.request('connectWebRtcTransport', { transportId: one.id, dtlsParameters }).then(done, failed);
    });
  }
  sending.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
    client.request('produce', { transportId: sending.id, kind, rtpParameters, appData }).then(done, failed);
  });
  sending.on('producedata', ({ sctpStreamParameters, label, protocol, appData }, done, failed) => {
    client
      .request('produceData', { transportId: sending.id, sctpStreamParameters, label, protocol, appData })
      .then(done, failed);
  });

  const consumers = new Map<string, types.Consumer>();
  const dataConsumers: types.DataConsumer[] = [];
  const messages: MediaPeer['messages'] = [];
  client.answer = async (method, data) => {
    if (method === 'newConsumer') {
      const consumer = await receiving.consume({ ...data, appData: { peerId: data.peerId } });
      consumers.set(consumer.id, consumer);
    } else {
      const consumer = await receiving.consumeData({ ...data, appData: { peerId: data.peerId } });
      consumer.on('message', (message: string | ArrayBuffer) =>
        messages.push({ label: consumer.label, data: typeof message === 'string' ? message : new Uint8Array(message) }),
      );
      dataConsumers.push(consumer);
    }
    return { data: {} };
  };
  await client.request('join', {
    displayName,
    device: { flag: 'chrome', name: 'Chrome', version: '111' },
    rtpCapabilities: device.recvRtpCapabilities,
    sctpCapabilities,
  });

  return {
    client,
    sending,
    receiving,
    consumers,
    dataConsumers,
    messages,
    produce: (track, options = {}) => sending.produce({ track, stopTracks: false, ...options }),
    async produceData(label) {
      const producer = await sending.produceData({ label, ordered: false, maxRetransmits: 1 });
      await waitFor(() => producer.readyState === 'open', { what: `the data channel ${label}` });
      return producer;
    },
    consumerOf: (peerId, kind) =>
      waitFor(() => [...consumers.values()].find((one) => one.kind === kind && one.appData['peerId'] === peerId), {
        what: `${kind} of ${peerId}`,
      }),
    close() {
      sending.close();
      receiving.close();
      client.cut();
    },
  };
}
