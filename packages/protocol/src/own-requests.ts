import { z } from 'zod';
import { Banned, Permission, Role, Waiting } from './access.ts';
import { ChatMessage, chatTextMax, Reaction } from './chat.ts';
import { FileOffer, fileRequests } from './files.ts';
import { ConsumerId, DataProducerId, PeerId, ProducerId, TransportId } from './ids.ts';
import { DeviceOrUnknown, DisplayName, Participant, RoomRules, Source } from './peer.ts';
import { RtpCapabilities } from './rtp.ts';
import { SctpCapabilities } from './transport.ts';

const Nothing = z.object({});

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
      /**
       * Before the first `setView`: at most so many videos are forwarded, the longest published first. After one that has all there
       * are: what is published next is forwarded at once, as long as there are no more than so many.
       */
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
