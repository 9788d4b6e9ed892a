import { AppError } from '@potluck/kernel';
import type { PeerId, Permission, Role, Source } from '@potluck/protocol';
import type { AccessMode } from './access-mode.ts';
import { isJoined, type JoinedMember, type Member } from './member.ts';
import { changed, may, mayActOn, permissionToPublish, permissionToPublishData } from './policy.ts';
import type { Room } from './room.ts';
import { pausePublication, unpublish, unpublishData } from './sending.ts';

/**
 * What some may do to others. That the actor has the right at all is checked before (session/rules.ts); here `not_found` for
 * who is not in the room, `forbidden` against a higher role.
 */

/** Mutes sound, ends pictures: a camera that somebody else may switch on again would be an open eye. */
export async function muteParticipant(room: Room, actor: JoinedMember, peerId: PeerId, source: Source): Promise<void> {
  const target = targetOf(room, actor, peerId);
  const found = [...target.publications.values()].filter((publication) => publication.source === source);
  if (found.length === 0) throw new AppError('not_found', `${peerId} sends no ${source}`);
  for (const publication of found) {
    if (publication.kind === 'audio') await pausePublication(room, target, publication.id, true);
    else unpublish(room, target, publication.id);
  }
  room.events.emit('mutedByModerator', target, actor.id, source);
}

/** Its client asks its owner: nobody is unmuted by somebody else. */
export function askToUnmute(room: Room, actor: JoinedMember, peerId: PeerId, source: Source): void {
  room.events.emit('unmuteAsked', targetOf(room, actor, peerId), actor.id, source);
}

/** Puts somebody out, who may come back. */
export function kick(room: Room, actor: JoinedMember, peerId: PeerId): void {
  room.expel(targetOf(room, actor, peerId), 'kicked', `${nameOf(actor)} put you out`);
}

/** Puts somebody out for as long as the room lasts. */
export function ban(room: Room, actor: JoinedMember, peerId: PeerId): void {
  banMember(room, targetOf(room, actor, peerId), `${nameOf(actor)} put you out for good`);
}

/** The address is banned too, unless others in the room share it. */
export function banMember(room: Room, target: Member, why: string): void {
  const address = room.addressIfAlone(target);
  room.door.bans.add({
    peerId: target.id,
    displayName: target.profile?.displayName ?? '',
    since: room.clock.now(),
    ...(address !== undefined && { address }),
  });
  room.expel(target, 'banned', why);
}

/** They may come again, as newcomers. */
export function liftBan(room: Room, peerId: PeerId): void {
  room.door.bans.lift(peerId);
  room.log.info('ban lifted', { peerId });
  room.events.emit('bansChanged');
}

/** What the new role may not do ends at once. */
export function setRole(room: Room, actor: JoinedMember, peerId: PeerId, role: Role): void {
  const target = targetOf(room, actor, peerId);
  target.state.profile.standing = { ...target.state.profile.standing, role };
  room.events.emit('standingChanged', target);
  endForbidden(room, target);
}

/** Gives or takes one right; what runs on one that is taken ends at once. */
export function setPermission(
  room: Room,
  actor: JoinedMember,
  peerId: PeerId,
  permission: Permission,
  allowed: boolean,
): void {
  const target = targetOf(room, actor, peerId);
  target.state.profile.standing = changed(target.state.profile.standing, permission, allowed);
  room.events.emit('standingChanged', target);
  endForbidden(room, target);
}

/**
 * Keeps a room from being without a host: on an open server the longest present takes over, elsewhere only a co-host,
 * because a guest who was let in must not become the one who lets in.
 */
export function attachHosts(room: Room, mode: AccessMode): void {
  const appoint = () => appointHost(room, mode);
  const { events } = room;
  const forget = [
    events.on('memberJoined', appoint),
    events.on('memberLeft', appoint),
    events.on('missingGivenUp', appoint),
  ];
  room.scope.add(() => forget.forEach((off) => off()));
}

function appointHost(room: Room, mode: AccessMode): void {
  // v3 clients have no way to moderate: a host among them would be a room without one.
  const peers = room.joined().filter(({ reception }) => reception?.chatByNotice === true);
  const roleOf = ({ state }: JoinedMember) => state.profile.standing.role;
  // A host of before a restart is on the way back.
  const missing = [...room.missing.values()];
  if (peers.some((peer) => roleOf(peer) === 'host') || missing.some(({ role }) => role === 'host')) return;
  const heir = peers.find((peer) => roleOf(peer) === 'cohost') ?? (mode === 'open' ? peers[0] : undefined);
  if (heir === undefined) return;
  heir.state.profile.standing = { ...heir.state.profile.standing, role: 'host' };
  room.events.emit('standingChanged', heir);
}

/** What is running without the right to it ends. */
function endForbidden(room: Room, member: JoinedMember): void {
  const { standing } = member.state.profile;
  for (const { id, source } of [...member.publications.values()]) {
    if (!may(standing, permissionToPublish(source))) unpublish(room, member, id);
  }
  for (const { id, label } of [...member.dataPublications.values()]) {
    if (label !== 'bot' && !may(standing, permissionToPublishData(label))) unpublishData(room, member, id);
  }
}

function targetOf(room: Room, actor: JoinedMember, peerId: PeerId): JoinedMember {
  const target: Member | undefined = room.members.get(peerId);
  if (target === undefined || !isJoined(target))
    throw new AppError('not_found', `nobody with the id ${peerId} is in the room`);
  if (!mayActOn(actor.state.profile.standing, target.state.profile.standing)) {
    throw new AppError('forbidden', 'only a higher role may do this to somebody');
  }
  return target;
}

const nameOf = (member: JoinedMember): string => member.state.profile.displayName ?? member.id;
