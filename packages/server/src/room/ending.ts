import { isJoined, type Member } from './member.ts';
import type { DataPublication, Publication } from './publication.ts';
import type { Room } from './room.ts';

/** How what a member sends ends in its room. The engine is told by whoever calls. */

/** A track ends for everyone. */
export function forget(room: Room, member: Member, publication: Publication): void {
  member.publications.delete(publication.id);
  room.publications.delete(publication.id);
  room.events.emit('unpublished', publication);
}

/** For how long the owner of a lost track may take to send it again before it is gone for the others, in milliseconds. */
const goesOnWithinMs = 10_000;

/** The path under a publication ended. Peers of our own client send it again: the others keep its place until then. */
export function expectElsewhere(room: Room, member: Member, publication: Publication): void {
  const resumes = member.reception?.chatByNotice === true && isJoined(member);
  if (!resumes || publication.superseded) return forget(room, member, publication);
  member.publications.delete(publication.id);
  room.publications.delete(publication.id);
  const giveUp = () => {
    cancel();
    member.moving.delete(publication.id);
    if (!publication.superseded) room.events.emit('unpublished', publication);
  };
  const cancel = room.clock.after(goesOnWithinMs, giveUp);
  member.moving.set(publication.id, { publication, giveUp });
  room.events.emit('publicationMoving', publication);
}

/** A data channel ends for everyone. */
export function forgetData(room: Room, member: Member, publication: DataPublication): void {
  member.dataPublications.delete(publication.id);
  room.dataPublications.delete(publication.id);
  room.events.emit('dataUnpublished', publication);
}
