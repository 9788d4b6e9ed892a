import type { TransportId } from '@potluck/protocol';
import type { Member } from './member.ts';
import type { Room } from './room.ts';
import { closeTransport } from './transports.ts';

/**
 * The standby of the same direction takes over from a transport whose worker died. All that the member receives is
 * opened there at once; what it sends, it sends there when it learns of this. False without a standby.
 */
export function takeOverLost(room: Room, member: Member, lost: TransportId): boolean {
  const held = member.transports.get(lost);
  const by = held?.role === 'active' ? member.transportFor(held, 'standby') : undefined;
  const standby = by === undefined ? undefined : member.transports.get(by);
  if (by === undefined || standby === undefined) return false;
  standby.role = 'active';
  if (standby.consuming) expectDownlink(room, member, by);
  // Before all that follows from the loss: what the client holds is to stay on screen.
  room.events.emit('transportReplaced', member, lost, by, true);
  closeTransport(room, member, lost);
  return true;
}

/**
 * The standbys of a member take over from its active transports of a direction while these still work. What it receives
 * is opened there beside what flows; it closes the old transports when all flows on the new ones. What was left.
 */
export function moveToStandby(room: Room, member: Member, direction: 'send' | 'receive'): TransportId[] {
  const pairs = [...member.transports].flatMap(([id, held]) => {
    const meant = held.role === 'active' && (direction === 'send' ? held.producing : held.consuming);
    const by = meant ? member.transportFor(held, 'standby') : undefined;
    const standby = by === undefined ? undefined : member.transports.get(by);
    return by === undefined || standby === undefined ? [] : [{ id, held, by, standby }];
  });
  for (const { id, held, by, standby } of pairs) {
    held.role = 'leaving';
    standby.role = 'active';
    room.events.emit('transportReplaced', member, id, by, false);
    if (!held.consuming) continue;
    // A narrow path has no room for both: there the new transport finds out for itself.
    const { availableBitrate = 0, desiredBitrate = 0 } = member.downlink ?? {};
    if (availableBitrate >= desiredBitrate) expectDownlink(room, member, by);
    member.reception?.moveTo(member.receiveTransport, id);
  }
  return pairs.map(({ id }) => id);
}

/** The path to a client is the same over another transport. */
function expectDownlink(room: Room, member: Member, transportId: TransportId): void {
  const { availableBitrate } = member.downlink ?? {};
  if (availableBitrate === undefined) return;
  room.tasks.spawn('expect downlink', room.media.expectDownlink(transportId, availableBitrate));
}

/** Whether all that a member sends over these transports goes on over others. */
export const sendsElsewhere = (member: Member, left: readonly TransportId[]): boolean =>
  [...member.publications.values()].every((one) => one.superseded === true || !left.includes(one.transportId));

/** Closes what a member holds in reserve. */
export function closeStandby(room: Room, member: Member): void {
  for (const [id, { role }] of [...member.transports]) if (role === 'standby') closeTransport(room, member, id);
}
