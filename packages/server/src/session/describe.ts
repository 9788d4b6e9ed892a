import type { Participant, PeerInfo, ProducerInfo } from '@potluck/protocol';
import type { JoinedMember } from '../room/member.ts';
import type { Publication } from '../room/publication.ts';

/** How members and what they send are told on the wire. */

export function peerInfo({ id, kind, state: { profile } }: JoinedMember): PeerInfo {
  const { displayName, device } = profile;
  // v3 clients show a broadcaster by this flag.
  const shown = kind === 'broadcaster' ? { ...device, flag: 'broadcaster' } : device;
  return { id, device: shown, ...(displayName !== undefined && { displayName }) };
}

export function participant(member: JoinedMember): Participant {
  const { joinedAt, connection, handRaisedAt, standing, displayName = '' } = member.state.profile;
  return {
    ...peerInfo(member),
    displayName,
    kind: member.kind,
    role: standing.role,
    joinedAt,
    connection,
    ...(handRaisedAt !== undefined && { handRaisedAt }),
    producers: [...member.publications.values()].filter(({ superseded }) => !superseded).map(producerInfo),
  };
}

export const producerInfo = ({ id, kind, source, paused }: Publication): ProducerInfo => ({ id, kind, source, paused });
