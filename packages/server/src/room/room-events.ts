import type { ChatMessage, PeerId, ProducerId, Source, TransportId } from '@potluck/protocol';
import type { DownlinkEstimate, ProducerScore } from '../media/fabric.ts';
import type { JoinedMember, Member } from './member.ts';
import type { DataPublication, Publication } from './publication.ts';

/** Facts about a room, told when they have happened. Members in them have joined. */
export type RoomEvents = {
  memberJoined: [member: JoinedMember];
  memberLeft: [peerId: PeerId, reason: string];
  memberRenamed: [member: JoinedMember, oldDisplayName: string | undefined];
  connectionChanged: [member: JoinedMember];
  handChanged: [member: JoinedMember];
  /** Its role or rights changed. */
  standingChanged: [member: JoinedMember];
  mutedByModerator: [member: JoinedMember, by: PeerId, source: Source];
  unmuteAsked: [member: JoinedMember, by: PeerId, source: Source];
  /** Lock or password changed. */
  rulesChanged: [];
  bansChanged: [];
  /** Somebody waits, or no longer does. */
  lobbyChanged: [];
  lobbyDecided: [peerId: PeerId, admitted: boolean];
  missingGivenUp: [];
  reactionShown: [member: JoinedMember, emoji: string];
  chatPosted: [message: ChatMessage];
  published: [publication: Publication];
  unpublished: [publication: Publication];
  /** Its path is lost; its sender is expected to go on with it. `republished` or `unpublished` follows. */
  publicationMoving: [publication: Publication];
  /** What was published under another id goes on as this one. */
  republished: [publication: Publication, before: ProducerId];
  /** It goes on as another one, and nobody receives it in this place any more. */
  publicationReleased: [publication: Publication];
  publicationPaused: [publication: Publication];
  publicationResumed: [publication: Publication];
  dataPublished: [publication: DataPublication];
  dataUnpublished: [publication: DataPublication];
  /** Everyone to whom it went has left: it was closed. Told to its owner only. */
  dataUnaddressed: [publication: DataPublication];
  /** Loudest first; empty for silence. */
  speakersChanged: [speakers: { peerId: PeerId; volume: number }[]];
  dominantSpeakerChanged: [peerId: PeerId];
  /** How well the server receives a track. */
  publicationScored: [publication: Publication, score: ProducerScore[]];
  /** ICE and DTLS of a transport begin, or begin anew. */
  transportConnecting: [member: Member, transportId: TransportId];
  /** The path of a member's transport is gone for now, or (`lost`) the transport itself with all on it. */
  transportFailed: [member: Member, transportId: TransportId, reason: string, lost: boolean];
  /** A standby took over from another transport, which is gone (`lost`) or to be closed by its owner. */
  transportReplaced: [member: Member, transportId: TransportId, by: TransportId, lost: boolean];
  /** An idle transport is no longer there. */
  standbyEnded: [member: Member];
  downlinkEstimated: [member: Member, estimate: DownlinkEstimate];
  /** A member must end its connection: it was replaced, kicked, or the room closes. Told to that member only. */
  memberExpelled: [member: Member, why: Expulsion, message: string];
  closed: [reason: string];
};

export type Expulsion = 'replaced' | 'kicked' | 'banned' | 'denied' | 'roomClosed';
