import { z } from 'zod';
import { AppData, appDataTooLarge, isSmallAppData } from './appdata.ts';
import { ConsumerId, DataConsumerId, DataProducerId, PeerId, ProducerId, TransportId } from './ids.ts';
import { DeviceOrUnknown, DisplayName, PeerInfo } from './peer.ts';
import { MediaKind, RtpCapabilities, RtpParameters } from './rtp.ts';
import {
  DtlsParameters,
  IceParameters,
  SctpCapabilities,
  SctpStreamParameters,
  WebRtcTransportInfo,
} from './transport.ts';

const Nothing = z.object({});
const Stats = z.array(z.looseObject({}));
const flag = z.unknown().transform(Boolean).exactOptional().describe('Yes or no, by truthiness.');
const layer = z.number().min(0).max(15).transform(Math.floor);

const Throttle = z.object({
  secret: z.string().max(1000).catch('').default(''),
  /** Kilobits per second, as the form of the demo's app says. */
  uplink: z.number().min(0).max(1e12).exactOptional(),
  downlink: z.number().min(0).max(1e12).exactOptional(),
  /** Milliseconds. */
  rtt: z.number().min(0).max(60_000).exactOptional(),
  /** Percent. */
  packetLoss: z.number().min(0).max(100).exactOptional(),
});

/** Requests of every client: the interface of mediasoup-demo v3. */
export const v3Requests = {
  getRouterRtpCapabilities: {
    summary: 'What the room can receive and send. Feed it to the mediasoup device.',
    input: Nothing,
    output: RtpCapabilities,
  },
  createWebRtcTransport: {
    summary:
      'Makes a transport. Consumers go to the first transport marked `consuming`. May be called before `join`; data channels only with `sctpCapabilities`.',
    input: z.object({
      forceTcp: flag,
      producing: flag,
      consuming: flag,
      sctpCapabilities: SctpCapabilities.exactOptional(),
    }),
    output: WebRtcTransportInfo,
  },
  connectWebRtcTransport: {
    summary: 'Gives the DTLS fingerprint of the client; ICE and DTLS begin.',
    input: z.object({ transportId: TransportId, dtlsParameters: DtlsParameters }),
    output: Nothing,
  },
  restartIce: {
    summary: 'New ICE credentials for a transport whose path was lost.',
    input: z.object({ transportId: TransportId }),
    output: IceParameters,
  },
  join: {
    summary: 'Enters the room: from here on others see the peer. Once per connection.',
    input: z.object({
      displayName: DisplayName.exactOptional(),
      device: DeviceOrUnknown,
      rtpCapabilities: RtpCapabilities.exactOptional(),
      sctpCapabilities: SctpCapabilities.exactOptional(),
    }),
    output: z.object({ peers: z.array(PeerInfo) }),
  },
  produce: {
    summary: 'Starts sending a track. `appData.share` marks a screen.',
    input: z.object({
      transportId: TransportId,
      kind: MediaKind,
      rtpParameters: RtpParameters,
      paused: flag,
      appData: AppData,
      /** An own producer that this one goes on from: others see one track that moved. */
      replaces: ProducerId.exactOptional(),
    }),
    output: z.object({ id: ProducerId }),
  },
  closeProducer: { summary: 'Stops sending a track.', input: z.object({ producerId: ProducerId }), output: Nothing },
  pauseProducer: {
    summary: 'Mutes a track for everyone.',
    input: z.object({ producerId: ProducerId }),
    output: Nothing,
  },
  resumeProducer: { summary: 'Unmutes it.', input: z.object({ producerId: ProducerId }), output: Nothing },
  pauseConsumer: {
    summary: 'Stops receiving a track; only this receiver notices.',
    input: z.object({ consumerId: ConsumerId }),
    output: Nothing,
  },
  resumeConsumer: { summary: 'Receives it again.', input: z.object({ consumerId: ConsumerId }), output: Nothing },
  setConsumerPreferredLayers: {
    summary: 'Highest simulcast or SVC layers wanted; the bandwidth may give less.',
    input: z.object({ consumerId: ConsumerId, spatialLayer: layer, temporalLayer: layer.exactOptional() }),
    output: Nothing,
  },
  setConsumerPriority: {
    summary: 'Share of the bandwidth relative to the other consumers of this peer, 1 (default) to 255.',
    input: z.object({
      consumerId: ConsumerId,
      priority: z
        .number()
        .min(0)
        .max(255)
        .transform((n) => Math.max(1, Math.floor(n))),
    }),
    output: Nothing,
  },
  requestConsumerKeyFrame: {
    summary: 'Asks the sender for a key frame.',
    input: z.object({ consumerId: ConsumerId }),
    output: Nothing,
  },
  produceData: {
    summary: 'Starts a data channel to the others. `chat` and `bot` are labels with a meaning.',
    input: z.object({
      transportId: TransportId,
      sctpStreamParameters: SctpStreamParameters,
      label: z.string().max(256).exactOptional(),
      protocol: z.string().max(256).exactOptional(),
      appData: z.looseObject({}).exactOptional().refine(isSmallAppData, appDataTooLarge),
      /** Who alone gets it; absent: everyone. Who leaves is forgotten, and a channel to nobody is closed. */
      to: z.array(PeerId).min(1).max(500).exactOptional(),
    }),
    output: z.object({ id: DataProducerId }),
  },
  changeDisplayName: { summary: 'Renames the peer.', input: z.object({ displayName: DisplayName }), output: Nothing },
  getTransportStats: {
    summary: 'Statistics of an own transport.',
    input: z.object({ transportId: TransportId }),
    output: Stats,
  },
  getProducerStats: {
    summary: 'Statistics of an own producer.',
    input: z.object({ producerId: ProducerId }),
    output: Stats,
  },
  getConsumerStats: {
    summary: 'Statistics of an own consumer.',
    input: z.object({ consumerId: ConsumerId }),
    output: Stats,
  },
  getDataProducerStats: {
    summary: 'Statistics of an own data producer.',
    input: z.object({ dataProducerId: DataProducerId }),
    output: Stats,
  },
  getDataConsumerStats: {
    summary: 'Statistics of an own data consumer.',
    input: z.object({ dataConsumerId: DataConsumerId }),
    output: Stats,
  },
  applyNetworkThrottle: {
    summary: 'Slows the network of the server, for tests. Needs the secret of the server.',
    input: Throttle,
    output: Nothing,
  },
  resetNetworkThrottle: {
    summary: 'Ends what applyNetworkThrottle began.',
    input: z.object({ secret: z.string().max(1000).catch('').default('') }),
    output: Nothing,
  },
} as const;
