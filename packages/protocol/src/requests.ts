import { z } from 'zod';
import { Banned, Permission, Role, Waiting } from './access.ts';
import { AppData } from './appdata.ts';
import { ChatMessage, chatTextMax, Reaction } from './chat.ts';
import { FileOffer, fileRequests } from './files.ts';
import { ConsumerId, DataConsumerId, DataProducerId, PeerId, ProducerId, TransportId } from './ids.ts';
import { DeviceOrUnknown, DisplayName, Participant, PeerInfo, RoomRules, Source } from './peer.ts';
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
      appData: z
        .looseObject({})
        .exactOptional()
        .refine(
          (value) => JSON.stringify(value ?? {}).length <= 4096,
          'appData must be at most 4096 characters of JSON',
        ),
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

/** Requests that only our own clients use. Any client may: they change nothing for others. */
export const ownRequests = {
  ...fileRequests,
  enter: {
    summary:
      'Like `join`, and answers with everything about the room. Refused with `waiting` while somebody must let the peer in: repeat it after `lobbyDecided`.',
    input: z.object({
      displayName: DisplayName,
      /** Of the room, where it has one. */
      password: z.string().max(200).exactOptional(),
      /** Before the first `setView`: at most so many videos are forwarded, the longest published first. */
      firstVideos: z.int().min(0).max(200).exactOptional(),
      device: DeviceOrUnknown,
      rtpCapabilities: RtpCapabilities.exactOptional(),
      sctpCapabilities: SctpCapabilities.exactOptional(),
    }),
    output: z.object({
      participants: z.array(Participant),
      chat: z.array(ChatMessage),
      /** What can be fetched now. */
      files: z.array(FileOffer).default([]),
      /** Bytes of a file that may be offered; 0: none may. */
      maxFileBytes: z.number().default(0),
      room: z.object({ id: z.string(), startedAt: z.number(), ...RoomRules.shape }),
      role: Role.default('speaker'),
      permissions: z.array(Permission).default([]),
      /** Who waits to be let in; empty for those who may not admit. */
      waiting: z.array(Waiting).default([]),
      /** The server's clock in milliseconds since the epoch, for times in notices. */
      now: z.number(),
    }),
  },
  leave: { summary: 'Leaves at once, without the grace time of a lost socket.', input: Nothing, output: Nothing },
  resumeConsumers: {
    summary: 'The client is ready to receive these consumers of `consumersOpened`.',
    input: z.object({ consumerIds: z.array(ConsumerId).max(2000) }),
    output: Nothing,
  },
  releaseConsumers: {
    summary:
      'Other consumers are shown in place of these, because their producers were replaced (`producerReplaced`): the server ends them without telling. Others among them stay.',
    input: z.object({ consumerIds: z.array(ConsumerId).max(2000) }),
    output: Nothing,
  },
  setView: {
    summary:
      'What the client shows: only these producers are forwarded (audio always, unless `audio` is false). Without it, everything is.',
    input: z.object({
      audio: z.boolean().exactOptional(),
      video: z
        .array(
          z.object({
            producerId: ProducerId,
            /** CSS pixels times the device pixel ratio. */
            width: z.number().min(0).max(16_384),
            height: z.number().min(0).max(16_384),
          }),
        )
        .max(200),
    }),
    output: Nothing,
  },
  claimFloor: {
    summary:
      'Somebody begins to speak into a microphone that is not heard (`microphoneHeard`): it is forwarded before the server has measured it. Who claims and is not heard is not believed for ten seconds.',
    input: z.object({ producerId: ProducerId }),
    output: Nothing,
  },
  closeTransport: {
    summary: 'Closes an own transport.',
    input: z.object({ transportId: TransportId }),
    output: Nothing,
  },
  closeDataProducer: {
    summary: 'Closes an own data channel.',
    input: z.object({ dataProducerId: DataProducerId }),
    output: Nothing,
  },
  sendChat: {
    summary:
      'Says something to the room. A second request with the same id is answered like the first and not said twice.',
    input: z.object({ id: z.string().min(1).max(64), text: z.string().trim().min(1).max(chatTextMax) }),
    output: ChatMessage,
  },
  setHandRaised: {
    summary: 'Raises or lowers the own hand.',
    input: z.object({ raised: z.boolean() }),
    output: Nothing,
  },
  sendReaction: { summary: 'Shows an emoji over the own tile.', input: z.object({ emoji: Reaction }), output: Nothing },
  muteParticipant: {
    summary: 'Mutes a microphone, or stops a camera or screen, of somebody. Only its owner can begin again.',
    input: z.object({ peerId: PeerId, source: Source }),
    output: Nothing,
  },
  askToUnmute: {
    summary: 'Asks somebody to switch on the microphone or camera.',
    input: z.object({ peerId: PeerId, source: Source }),
    output: Nothing,
  },
  kick: { summary: 'Puts somebody out. They may come back.', input: z.object({ peerId: PeerId }), output: Nothing },
  ban: {
    summary: 'Puts somebody out for as long as the room lasts, by peer id and address.',
    input: z.object({ peerId: PeerId }),
    output: Nothing,
  },
  listBans: {
    summary: 'Who was put out for as long as the room lasts, in that order.',
    input: Nothing,
    output: z.object({ banned: z.array(Banned) }),
  },
  liftBan: {
    summary: 'Somebody who was put out may come again.',
    input: z.object({ peerId: PeerId }),
    output: Nothing,
  },
  setLocked: {
    summary: 'Locks the room: nobody without an invitation gets in.',
    input: z.object({ locked: z.boolean() }),
    output: Nothing,
  },
  setPassword: {
    summary: 'Asks newcomers without an invitation for a password; absent: no more.',
    input: z.object({ password: z.string().min(1).max(200).exactOptional() }),
    output: Nothing,
  },
  admitWaiting: { summary: 'Lets somebody in.', input: z.object({ peerId: PeerId }), output: Nothing },
  denyWaiting: { summary: 'Does not let somebody in.', input: z.object({ peerId: PeerId }), output: Nothing },
  setRole: {
    summary: 'Makes somebody host, co-host, speaker or viewer.',
    input: z.object({ peerId: PeerId, role: Role }),
    output: Nothing,
  },
  setPermission: {
    summary: 'Gives or takes one right. What runs on it ends at once.',
    input: z.object({ peerId: PeerId, permission: Permission, allowed: z.boolean() }),
    output: Nothing,
  },
  endRoom: { summary: 'Ends the meeting for everyone.', input: Nothing, output: Nothing },
} as const;

export const requests = { ...v3Requests, ...ownRequests } as const;

export type Requests = typeof requests;
export type Method = keyof Requests;
/** What a handler gets. */
export type Input<M extends Method> = z.output<Requests[M]['input']>;
/** What a client sends. */
export type Sent<M extends Method> = z.input<Requests[M]['input']>;
/** What a handler answers. */
export type Output<M extends Method> = z.input<Requests[M]['output']>;
/** What a client gets. */
export type Answer<M extends Method> = z.output<Requests[M]['output']>;

/** Spellings of clients from before 2019-11-18. */
export const methodAliases: { readonly [name: string]: Method } = {
  setConsumerPreferedLayers: 'setConsumerPreferredLayers',
};

export const isMethod = (name: string): name is Method => Object.hasOwn(requests, name);
