import { AppError, assertNever } from '@potluck/kernel';
import type { ConnectionQuery, DoorKind, Grant } from '@potluck/protocol';
import { hashOfToken, holdsToken } from '../room/keeping.ts';
import { mayReplace } from '../room/policy.ts';
import type { RoomRegistry } from '../room/registry.ts';
import type { Room } from '../room/room.ts';

export type DoorQuestion = Pick<ConnectionQuery, 'roomId' | 'peerId' | 'resume'>;
type Caller = { grant: Grant; address: string | undefined };

/** What stands between somebody and a room, in the order in which it would be met. Throws what is no matter of the room. */
export function lookAtDoor(
  registry: RoomRegistry,
  question: DoorQuestion,
  { grant, address }: Caller & { address: string },
): DoorKind {
  const { roomId, peerId, resume } = question;
  const { door, room, missing } = registry.look(roomId);
  if (room !== undefined && !isFree(room, question, { grant, address })) return 'taken';
  if (room !== undefined && !room.members.has(peerId) && room.peerCount >= room.limits.maxPeers) return 'full';
  const kept = missing.get(peerId);
  const wasIn = resume !== undefined && kept !== undefined && holdsToken(kept, resume);
  const decision = door.ask({ peerId, address, invited: grant.invited || wasIn });
  switch (decision) {
    case 'enter':
      return 'open';
    case 'wait':
      return 'lobby';
    case 'needsPassword':
      return 'password';
    case 'needsToken':
      return 'tokenNeeded';
    case 'banned':
    case 'locked':
      return decision;
    default:
      return assertNever(decision);
  }
}

/** Throws `conflict` when somebody else is in the room under this id. */
export function assertFree(room: Room, question: Pick<DoorQuestion, 'peerId' | 'resume'>, caller: Caller): void {
  if (isFree(room, question, caller)) return;
  throw new AppError('conflict', `somebody is here under the id ${question.peerId}`);
}

/** Ids are seen by everyone in the room: knowing one must not be enough to put its owner out. */
function isFree(room: Room, { peerId, resume }: Pick<DoorQuestion, 'peerId' | 'resume'>, caller: Caller): boolean {
  const owner = room.members.get(peerId);
  if (owner === undefined) return true;
  if (owner.kind === 'broadcaster') return false;
  return mayReplace(room.accessMode, {
    hasSecret: resume !== undefined && owner.resumeTokenHash === hashOfToken(resume),
    sameAddress: caller.address === owner.address,
    role: caller.grant.role ?? 'speaker',
    ownerRole: owner.profile?.standing.role ?? 'viewer',
  });
}
