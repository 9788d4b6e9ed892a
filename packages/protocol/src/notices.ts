import { z } from 'zod';
import { Permission, Role, Waiting } from './access.ts';
import { ChatMessage, Reaction } from './chat.ts';
import { fileNotices } from './files.ts';
import { ConsumerId, DataConsumerId, DataProducerId, PeerId, ProducerId, TransportId } from './ids.ts';
import { Participant, PeerInfo, ProducerInfo, RoomRules, Source } from './peer.ts';
import { RtpCapabilities } from './rtp.ts';
import { ConsumerInfo } from './server-requests.ts';
import { IceServer, WebRtcTransportInfo } from './transport.ts';

const layer = z.int().nullable();

/** Notifications every client understands: the interface of mediasoup-demo v3. */
export const v3Notices = {
  'mediasoup-version': {
    summary: 'The first message on every new connection.',
    data: z.object({ version: z.string() }),
  },
  newPeer: { summary: 'Somebody joined.', data: PeerInfo },
  peerClosed: { summary: 'Somebody left.', data: z.object({ peerId: PeerId }) },
  peerDisplayNameChanged: {
    summary: 'Somebody changed the name.',
    data: z.object({ peerId: PeerId, displayName: z.string(), oldDisplayName: z.string().exactOptional() }),
  },
  producerScore: {
    summary: 'How well the server receives an own producer, 0 (bad) to 10, for each encoding.',
    data: z.object({
      producerId: ProducerId,
      score: z.array(
        z.object({ encodingIdx: z.int(), ssrc: z.number(), rid: z.string().exactOptional(), score: z.int() }),
      ),
    }),
  },
  consumerClosed: { summary: 'The producer behind it is gone.', data: z.object({ consumerId: ConsumerId }) },
  consumerPaused: { summary: 'Its producer was paused.', data: z.object({ consumerId: ConsumerId }) },
  consumerResumed: { summary: 'Its producer was resumed.', data: z.object({ consumerId: ConsumerId }) },
  consumerScore: {
    summary: 'How well the client receives a consumer, 0 (bad) to 10.',
    data: z.object({
      consumerId: ConsumerId,
      score: z.object({ score: z.int(), producerScore: z.int(), producerScores: z.array(z.int()) }),
    }),
  },
  consumerLayersChanged: {
    summary: 'The layers now forwarded; both `null` when none is.',
    data: z.object({ consumerId: ConsumerId, spatialLayer: layer, temporalLayer: layer }),
  },
  dataConsumerClosed: {
    summary: 'The data producer behind it is gone.',
    data: z.object({ dataConsumerId: DataConsumerId }),
  },
  downlinkBwe: {
    summary: 'Estimated bandwidth to the client, in bits per second.',
    data: z.object({
      desiredBitrate: z.number(),
      effectiveDesiredBitrate: z.number(),
      availableBitrate: z.number(),
    }),
  },
  activeSpeaker: {
    summary: 'The loudest peer, or `null` for silence. Volume in dBov, -127 to 0.',
    data: z.object({ peerId: PeerId.nullable(), volume: z.int().exactOptional() }),
  },
} as const;

/** Notifications for our own clients. */
export const ownNotices = {
  welcome: {
    summary: 'Everything to begin with: pushed before the client asks.',
    data: z.object({
      peerId: PeerId,
      /** Secret of this peer: lets a new socket take up where this one was lost. */
      resumeToken: z.string(),
      /** How long the server keeps the peer without a socket, in milliseconds. */
      graceMs: z.number(),
      serverVersion: z.string(),
      mediasoupVersion: z.string(),
      routerRtpCapabilities: RtpCapabilities,
      iceServers: z.array(IceServer),
      sendTransport: WebRtcTransportInfo.exactOptional(),
      receiveTransport: WebRtcTransportInfo.exactOptional(),
    }),
  },
  participantJoined: { summary: 'Somebody joined.', data: Participant },
  participantConnectionChanged: {
    summary: 'Somebody lost the signalling socket, or is back.',
    data: z.object({ peerId: PeerId, connection: z.enum(['connected', 'reconnecting']) }),
  },
  producerOpened: {
    summary: 'Somebody sends a new track.',
    data: z.object({ peerId: PeerId, producer: ProducerInfo }),
  },
  producerClosed: { summary: 'A track ended.', data: z.object({ peerId: PeerId, producerId: ProducerId }) },
  producerPaused: { summary: 'A track was muted.', data: z.object({ peerId: PeerId, producerId: ProducerId }) },
  producerResumed: { summary: 'A track was unmuted.', data: z.object({ peerId: PeerId, producerId: ProducerId }) },
  producerMoving: {
    summary:
      'A track has stopped because its media path was lost; its sender is about to send it on another. Keep its picture.',
    data: z.object({ peerId: PeerId, producerId: ProducerId }),
  },
  producerReplaced: {
    summary: 'A track goes on under another id: the sender moved it to another transport.',
    data: z.object({ peerId: PeerId, producerId: ProducerId, producer: ProducerInfo }),
  },
  producerReleased: {
    summary:
      'Everyone receives an own producer where it went on (`replaces`): the transport on which it was may be closed.',
    data: z.object({ producerId: ProducerId }),
  },
  microphoneHeard: {
    summary:
      'Whether an own microphone is forwarded: in a room with more microphones than are, those who spoke last are heard. Told when it changes; until then it is.',
    data: z.object({ producerId: ProducerId, heard: z.boolean() }),
  },
  producerDemand: {
    summary:
      'The highest spatial layer of an own video that anybody gets, or `null` while nobody does: what is above need not be encoded. Told when it rises at once, when it falls after some seconds; until then everything is wanted.',
    data: z.object({ producerId: ProducerId, spatialLayer: layer }),
  },
  consumersOpened: {
    summary:
      'New consumers, together. They flow when the client says `resumeConsumers`. They can be received on `transportId` only, which may be one that the answer to `createWebRtcTransport` is about to name.',
    data: z.object({ consumers: z.array(ConsumerInfo), transportId: TransportId.exactOptional() }),
  },
  transportFailed: {
    summary: 'The server lost the path of a transport: restart ICE or make a new one. `lost`: it no longer exists.',
    data: z.object({ transportId: TransportId, reason: z.string(), lost: z.boolean().exactOptional() }),
  },
  standbyOpened: {
    summary:
      'Idle transports on another worker, to be connected now and used when `transportReplaced` says so. They replace an earlier standby.',
    data: z.object({
      sendTransport: WebRtcTransportInfo.exactOptional(),
      receiveTransport: WebRtcTransportInfo.exactOptional(),
    }),
  },
  transportReplaced: {
    summary:
      'Use the standby `by` from now on. `lost`: the transport before is gone with all on it; otherwise close it when everything flows on the new one.',
    data: z.object({ transportId: TransportId, by: TransportId, lost: z.boolean() }),
  },
  chatMessage: { summary: 'Somebody said something.', data: ChatMessage },
  ...fileNotices,
  dataProducerClosed: {
    summary: 'An own data channel to named peers was closed: none of them is there any more.',
    data: z.object({ dataProducerId: DataProducerId, reason: z.string() }),
  },
  handRaised: {
    summary: 'A hand went up, or down (`null`).',
    data: z.object({ peerId: PeerId, raisedAt: z.number().nullable() }),
  },
  reaction: { summary: 'An emoji over a tile.', data: z.object({ peerId: PeerId, emoji: Reaction }) },
  speakingPeers: {
    summary: 'Everyone who speaks, loudest first; volume in dBov, -127 to 0.',
    data: z.object({ peers: z.array(z.object({ peerId: PeerId, volume: z.int() })) }),
  },
  roleChanged: { summary: 'Somebody is something else now.', data: z.object({ peerId: PeerId, role: Role }) },
  permissionsChanged: {
    summary: 'What you yourself may do from now on.',
    data: z.object({ permissions: z.array(Permission) }),
  },
  roomChanged: { summary: 'A rule of the room changed.', data: RoomRules },
  lobbyChanged: {
    summary: 'Who waits to be let in; to those who may admit.',
    data: z.object({ waiting: z.array(Waiting) }),
  },
  lobbyDecided: {
    summary: 'You waited: `admitted` means that `enter` now succeeds.',
    data: z.object({ admitted: z.boolean() }),
  },
  mutedByModerator: {
    summary: 'Somebody muted you, or stopped your camera or screen.',
    data: z.object({ by: PeerId, source: Source }),
  },
  unmuteAsked: {
    summary: 'Somebody asks you to switch something on.',
    data: z.object({ by: PeerId, source: Source }),
  },
  sessionEnding: {
    summary: 'Said before the server closes the socket for good.',
    data: z.object({
      reason: z.enum([
        'kicked',
        'banned',
        'denied',
        'replaced',
        'roomClosed',
        'serverStopping',
        'refused',
        'tooSlow',
        'internal',
      ]),
      message: z.string(),
    }),
  },
} as const;

export const notices = { ...v3Notices, ...ownNotices } as const;
export type Notices = typeof notices;
export type NoticeName = keyof Notices;
export type NoticeData<N extends NoticeName> = z.infer<Notices[N]['data']>;
/** A notice as a value: what state reducers take. */
export type Notice = { [N in NoticeName]: { name: N; data: NoticeData<N> } }[NoticeName];
export type EndReason = NoticeData<'sessionEnding'>['reason'];

export const isNotice = (name: string): name is NoticeName => Object.hasOwn(notices, name);
