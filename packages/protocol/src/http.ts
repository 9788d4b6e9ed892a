import { z } from 'zod';
import { AppData } from './appdata.ts';
import { ConsumerId, DataConsumerId, DataProducerId, PeerId, ProducerId, RoomId, TransportId } from './ids.ts';
import { DisplayName, PeerInfo, ProducerInfo } from './peer.ts';
import { MediaKind, RtpCapabilities, RtpParameters } from './rtp.ts';
import { line } from './text.ts';
import { DtlsParameters, SctpCapabilities, SctpStreamParameters, WebRtcTransportInfo } from './transport.ts';

/**
 * The HTTP interface for broadcasters: participants without signalling, driven by ffmpeg, GStreamer, a device or a script.
 * Paths, inputs and answers are those of mediasoup-demo v3; what is marked as our own is additional.
 */

const RoomPath = z.object({ roomId: RoomId });
const BroadcasterPath = z.object({ roomId: RoomId, broadcasterId: PeerId });
const TransportPath = z.object({ ...BroadcasterPath.shape, transportId: TransportId });

/** Not empty, also after what cannot be shown is taken out. */
const shown = <T extends z.ZodType<string>>(text: T) =>
  text.refine((value) => value !== '', 'must have at least one visible character');

export const BroadcasterDevice = z.object({
  name: shown(line(64)),
  version: z
    .union([z.string().max(10_000), z.number()])
    .transform((version) => String(version).slice(0, 64))
    .exactOptional(),
});

const flag = (standard: boolean) => z.boolean().default(standard);
const portNumber = z.int().min(1).max(65_535);

export const PlainTransportRequest = z.object({
  type: z.literal('plain'),
  rtcpMux: flag(false).describe('RTP and RTCP on one port (RFC 5761).'),
  comedia: flag(true).describe('The server learns where to send to from the first packet that it receives.'),
});
export const WebRtcTransportRequest = z.object({
  type: z.literal('webrtc'),
  sctpCapabilities: SctpCapabilities.exactOptional(),
});

export const PlainTransportAnswer = z.object({
  id: TransportId,
  ip: z.string(),
  port: portNumber,
  rtcpPort: portNumber.exactOptional(),
});

const ConnectRequest = z
  .object({
    dtlsParameters: DtlsParameters.exactOptional().describe('Of a WebRTC transport.'),
    ip: z
      .union([z.ipv4(), z.ipv6()])
      .exactOptional()
      .describe('Our own, for a plain transport without comedia: where to send to. Only the caller’s own address.'),
    port: portNumber.exactOptional(),
    rtcpPort: portNumber.exactOptional(),
  })
  .refine(
    ({ dtlsParameters, ip, port }) => dtlsParameters !== undefined || (ip !== undefined && port !== undefined),
    'dtlsParameters is missing (or ip and port, for a plain transport without comedia)',
  );

/** Somebody in the room, as a broadcaster is told when it is created. */
const Publisher = z.object({
  ...PeerInfo.shape,
  producers: z.array(z.object({ id: ProducerId, kind: MediaKind })),
});

export const BroadcasterStatus = z.object({
  id: PeerId,
  displayName: z.string(),
  /** Everyone else in the room. */
  participants: z.array(
    z.object({ ...PeerInfo.shape, kind: z.enum(['peer', 'broadcaster']), producers: z.array(ProducerInfo) }),
  ),
  /** Bytes since each transport was made. */
  transports: z.array(z.object({ id: TransportId, bytesReceived: z.number(), bytesSent: z.number() })),
  producers: z.array(z.object({ id: ProducerId, kind: MediaKind })),
  consumers: z.array(z.object({ id: ConsumerId, producerId: ProducerId })),
});
export type BroadcasterStatus = z.output<typeof BroadcasterStatus>;

export const BroadcasterCreated = z.object({
  peers: z.array(Publisher),
  secret: z
    .string()
    .describe('Our own: send it as `Authorization: Bearer …` with every other request about this broadcaster.'),
});
export type BroadcasterCreated = z.output<typeof BroadcasterCreated>;

const Nothing = z.object({});

/** One entry a route; server, OpenAPI document and command line tools are made from it. */
export const httpRoutes = {
  getRoom: {
    method: 'get',
    path: '/rooms/:roomId',
    summary: 'What the room can receive and send.',
    params: RoomPath,
    query: Nothing,
    body: undefined,
    answer: { as: 'json', schema: RtpCapabilities },
  },
  createBroadcaster: {
    method: 'post',
    path: '/rooms/:roomId/broadcasters',
    summary:
      'Lets a broadcaster into the room, which is opened if need be. With rtpCapabilities it may consume, and is told what there is.',
    params: RoomPath,
    query: Nothing,
    body: z.object({
      id: PeerId,
      displayName: shown(DisplayName),
      device: BroadcasterDevice,
      rtpCapabilities: RtpCapabilities.exactOptional(),
    }),
    answer: { as: 'json', schema: BroadcasterCreated },
  },
  getBroadcaster: {
    method: 'get',
    path: '/rooms/:roomId/broadcasters/:broadcasterId',
    summary:
      'Our own: who is in the room, what they send, and how much came and went. Asking counts as a sign of life.',
    params: BroadcasterPath,
    query: Nothing,
    body: undefined,
    answer: { as: 'json', schema: BroadcasterStatus },
  },
  deleteBroadcaster: {
    method: 'delete',
    path: '/rooms/:roomId/broadcasters/:broadcasterId',
    summary: 'Puts the broadcaster out, with everything it sends and receives.',
    params: BroadcasterPath,
    query: Nothing,
    body: undefined,
    answer: { as: 'text', text: 'broadcaster deleted' },
  },
  createTransport: {
    method: 'post',
    path: '/rooms/:roomId/broadcasters/:broadcasterId/transports',
    summary: 'Makes a transport: plain RTP, or WebRTC (ICE, DTLS, SRTP, data channels).',
    params: BroadcasterPath,
    query: Nothing,
    body: z.discriminatedUnion('type', [PlainTransportRequest, WebRtcTransportRequest]),
    answer: { as: 'json', schema: z.union([PlainTransportAnswer, WebRtcTransportInfo]) },
  },
  connectTransport: {
    method: 'post',
    path: '/rooms/:roomId/broadcasters/:broadcasterId/transports/:transportId/connect',
    summary: 'Connects a WebRTC transport, or a plain one without comedia.',
    params: TransportPath,
    query: Nothing,
    body: ConnectRequest,
    answer: { as: 'empty' },
  },
  createProducer: {
    method: 'post',
    path: '/rooms/:roomId/broadcasters/:broadcasterId/transports/:transportId/producers',
    summary: 'Starts sending a track.',
    params: TransportPath,
    query: Nothing,
    body: z.object({ kind: MediaKind, rtpParameters: RtpParameters, appData: AppData }),
    answer: { as: 'json', schema: z.object({ id: ProducerId }) },
  },
  createConsumer: {
    method: 'post',
    path: '/rooms/:roomId/broadcasters/:broadcasterId/transports/:transportId/consume',
    summary: 'Starts receiving a track. Needs rtpCapabilities at creation.',
    params: TransportPath,
    query: z.object({ producerId: ProducerId }),
    body: undefined,
    answer: {
      as: 'json',
      schema: z.object({
        id: ConsumerId,
        producerId: ProducerId,
        kind: MediaKind,
        rtpParameters: RtpParameters,
        type: z.enum(['simple', 'simulcast', 'svc']),
      }),
    },
  },
  createDataProducer: {
    method: 'post',
    path: '/rooms/:roomId/broadcasters/:broadcasterId/transports/:transportId/produce/data',
    summary: 'Starts a data channel to the others.',
    params: TransportPath,
    query: Nothing,
    body: z.object({
      label: z.string().max(256).default(''),
      protocol: z.string().max(256).default(''),
      sctpStreamParameters: SctpStreamParameters,
      appData: AppData,
    }),
    answer: { as: 'json', schema: z.object({ id: DataProducerId }) },
  },
  createDataConsumer: {
    method: 'post',
    path: '/rooms/:roomId/broadcasters/:broadcasterId/transports/:transportId/consume/data',
    summary: 'Starts receiving a data channel.',
    params: TransportPath,
    query: Nothing,
    body: z.object({ dataProducerId: DataProducerId }),
    answer: { as: 'json', schema: z.object({ id: DataConsumerId, streamId: z.int() }) },
  },
} as const;

export type HttpRoutes = typeof httpRoutes;
export type HttpRouteName = keyof HttpRoutes;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
/** What a handler gets of a request. */
export type HttpInput<N extends HttpRouteName> = {
  readonly params: Parsed<HttpRoutes[N]['params']>;
  readonly query: Parsed<HttpRoutes[N]['query']>;
  readonly body: Parsed<HttpRoutes[N]['body']>;
};
/** What a handler answers; nothing where the answer says nothing. */
export type HttpOutput<N extends HttpRouteName> = HttpRoutes[N]['answer'] extends { schema: infer S extends z.ZodType }
  ? z.input<S>
  : void;
