import { AppError } from '@potluck/kernel';
import type { DtlsParameters, IceParameters, TransportId, WebRtcTransportInfo } from '@potluck/protocol';
import type { PlainTransportInfo, PlainTransportOptions, WebRtcTransportOptions } from '../media/fabric.ts';
import { expectElsewhere, forgetData } from './ending.ts';
import type { HeldTransport, Member, OwnTransport } from './member.ts';
import { ownTransport } from './own.ts';
import type { Room } from './room.ts';

/** The transports of a member: opened, connected, closed with all that stands on them. */

/** `rate_limited` beyond the limit of the room, `unavailable` when the member left or no worker runs. */
export async function openTransport(
  room: Room,
  member: Member,
  own: OwnTransport,
  options: WebRtcTransportOptions,
): Promise<WebRtcTransportInfo> {
  // Both directions of a client on one worker: then only others' media has to travel between workers.
  const near = member.transportFor({ producing: false, consuming: false });
  const asked = { ...(near !== undefined && { near }), ...options };
  return give(room, member, own, 'active', () => room.media.openWebRtcTransport(asked));
}

/** An idle transport on another worker than the active one of its direction. `unavailable` where there is none. */
export async function openStandby(
  room: Room,
  member: Member,
  own: OwnTransport,
  options: WebRtcTransportOptions,
): Promise<WebRtcTransportInfo> {
  return give(room, member, own, 'standby', () => room.media.openWebRtcTransport({ ...options, apart: true }));
}

/** For a broadcaster; sends and receives. Errors as above. */
export async function openPlainTransport(
  room: Room,
  member: Member,
  options: PlainTransportOptions,
): Promise<PlainTransportInfo> {
  const own = { producing: true, consuming: true };
  return give(room, member, own, 'active', () => room.media.openPlainTransport(options));
}

/** Makes a transport, if there may be one more, and gives it to its member, who may have left meanwhile. */
async function give<T extends { id: TransportId }>(
  room: Room,
  member: Member,
  own: OwnTransport,
  role: HeldTransport['role'],
  make: () => Promise<T>,
): Promise<T> {
  return member.quotas.transports.make(member.transports.size, room.limits.maxTransportsPerPeer, async () => {
    const info = await make();
    if (member.state.kind === 'closed') {
      room.media.closeTransport(info.id);
      throw new AppError('unavailable', member.state.reason);
    }
    member.transports.set(info.id, { ...own, role, connected: false });
    room.transportOwners.set(info.id, member);
    if (role === 'active') member.reception?.setTransport(member.receiveTransport);
    return info;
  });
}

/** Begins ICE and DTLS. `conflict` for a second time, `not_found` for one that is not the member's own. */
export async function connectTransport(
  room: Room,
  member: Member,
  id: TransportId,
  dtls: DtlsParameters,
): Promise<void> {
  await room.media.connectWebRtcTransport(ownTransport(member, id), dtls);
  if (member.transports.get(id)?.connected === false) room.events.emit('transportConnecting', member, id);
}

/** New credentials for the same path (RFC 8445 §9). `not_found` for one that is not the member's own. */
export async function restartIce(room: Room, member: Member, id: TransportId): Promise<IceParameters> {
  const parameters = await room.media.restartIce(ownTransport(member, id));
  if (member.transports.get(id)?.connected === false) room.events.emit('transportConnecting', member, id);
  return parameters;
}

/** The member closes a transport, or it is lost with its worker: what stood on it ends, or goes on elsewhere. */
export function closeTransport(room: Room, member: Member, id: TransportId): void {
  const held = member.transports.get(id);
  ownTransport(member, id);
  member.transports.delete(id);
  room.transportOwners.delete(id);
  for (const publication of [...member.publications.values()]) {
    if (publication.transportId === id) expectElsewhere(room, member, publication);
  }
  for (const publication of [...member.dataPublications.values()]) {
    if (publication.transportId === id) forgetData(room, member, publication);
  }
  room.media.closeTransport(id);
  member.reception?.transportClosed(id);
  member.reception?.setTransport(member.receiveTransport);
  if (held?.role === 'standby') room.events.emit('standbyEnded', member);
  room.pokeAll();
}
