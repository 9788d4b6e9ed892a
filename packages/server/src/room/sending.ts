import { AppError } from '@potluck/kernel';
import type {
  AppData,
  DataProducerId,
  DtlsParameters,
  IceParameters,
  MediaKind,
  PeerId,
  ProducerId,
  RtpParameters,
  SctpStreamParameters,
  TransportId,
  WebRtcTransportInfo,
} from '@potluck/protocol';
import type { PlainTransportInfo, PlainTransportOptions, WebRtcTransportOptions } from '../media/fabric.ts';
import { wantsNothing } from './demand.ts';
import { isJoined, type HeldTransport, type JoinedMember, type Member, type OwnTransport } from './member.ts';
import { sourceOf, type DataPublication, type Publication } from './publication.ts';
import type { Room } from './room.ts';

/** What a member opens and sends. Every id is looked up among the member's own: others' are simply not found. */

export async function openTransport(
  room: Room,
  member: Member,
  own: OwnTransport,
  options: WebRtcTransportOptions,
): Promise<WebRtcTransportInfo> {
  assertRoomFor(member.transports, room.limits.maxTransportsPerPeer, 'transports');
  // Both directions of a client on one worker: then only others' media has to travel between workers.
  const near = member.transportFor({ producing: false, consuming: false });
  const asked = { ...(near !== undefined && { near }), ...options };
  return give(room, member, own, 'active', room.media.openWebRtcTransport(asked));
}

/** An idle transport on another worker than the active one of its direction. `unavailable` where there is none. */
export async function openStandby(
  room: Room,
  member: Member,
  own: OwnTransport,
  options: WebRtcTransportOptions,
): Promise<WebRtcTransportInfo> {
  assertRoomFor(member.transports, room.limits.maxTransportsPerPeer, 'transports');
  return give(room, member, own, 'standby', room.media.openWebRtcTransport({ ...options, apart: true }));
}

export async function openPlainTransport(
  room: Room,
  member: Member,
  options: PlainTransportOptions,
): Promise<PlainTransportInfo> {
  assertRoomFor(member.transports, room.limits.maxTransportsPerPeer, 'transports');
  const own = { producing: true, consuming: true };
  return give(room, member, own, 'active', room.media.openPlainTransport(options));
}

/** Gives a transport that is being made to its member, who may have left meanwhile. */
async function give<T extends { id: TransportId }>(
  room: Room,
  member: Member,
  own: OwnTransport,
  role: HeldTransport['role'],
  making: Promise<T>,
): Promise<T> {
  const info = await making;
  if (member.state.kind === 'closed') {
    room.media.closeTransport(info.id);
    throw new AppError('unavailable', member.state.reason);
  }
  member.transports.set(info.id, { ...own, role, connected: false });
  room.transportOwners.set(info.id, member);
  if (role === 'active') member.reception?.setTransport(member.receiveTransport);
  return info;
}

export async function connectTransport(
  room: Room,
  member: Member,
  id: TransportId,
  dtls: DtlsParameters,
): Promise<void> {
  await room.media.connectWebRtcTransport(ownTransport(member, id), dtls);
  if (member.transports.get(id)?.connected === false) room.events.emit('transportConnecting', member, id);
}

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

export async function publish(
  room: Room,
  member: JoinedMember,
  transportId: TransportId,
  options: {
    kind: MediaKind;
    rtpParameters: RtpParameters;
    paused: boolean;
    appData: AppData;
    /** An own publication, perhaps lost, that this one goes on from. */
    replaces?: ProducerId | undefined;
  },
): Promise<ProducerId> {
  const { kind, rtpParameters, paused, replaces } = options;
  ownTransport(member, transportId);
  const goesOn = replaces !== undefined && member.publications.has(replaces);
  if (!goesOn) assertRoomFor(member.publications, room.limits.maxProducersPerPeer, 'producers');
  // Its receivers are there already, and are to begin with one key frame (starts.ts).
  const gathers = kind === 'video' && !paused && (goesOn || (replaces !== undefined && member.moving.has(replaces)));
  const { id, type } = await room.media.produce(transportId, { kind, rtpParameters, paused: paused || gathers });
  if (!member.transports.has(transportId)) {
    room.media.closeProducer(id);
    throw new AppError('unavailable', 'the transport closed meanwhile');
  }
  // Clients overwrite what they send as appData with the id of the peer they know; v3 servers always add it.
  const appData = { ...options.appData, peerId: member.id };
  const source = sourceOf(kind, appData);
  const mimeType = (rtpParameters.codecs[0]?.mimeType ?? '').toLowerCase();
  const publication: Publication = {
    id,
    peerId: member.id,
    transportId,
    kind,
    type,
    mimeType,
    source,
    appData,
    paused,
  };
  member.publications.set(id, publication);
  room.publications.set(id, publication);
  const before = replaces === undefined ? undefined : supersede(member, replaces, publication);
  if (before === undefined) room.events.emit('published', publication);
  else {
    for (const { reception } of room.members.values()) reception?.superseded(before, id);
    room.events.emit('republished', publication, before);
  }
  if (gathers) startTogether(room, publication);
  room.pokeAll();
  if (before !== undefined) releaseUnused(room, [before]);
  return id;
}

/** Tells those who sent what goes on elsewhere that nobody receives it in its old place any more. */
export function releaseUnused(room: Room, ids: Iterable<ProducerId>): void {
  for (const id of ids) {
    const publication = room.publications.get(id);
    if (publication?.superseded !== true) continue;
    // v3 clients do not say when they have changed over: for them the sender takes its time.
    const receivers = [...room.members.values()].filter(({ reception }) => reception?.chatByNotice === true);
    const used = receivers.some(({ reception }) => reception?.media.demandOf(id) !== wantsNothing);
    if (!used) room.events.emit('publicationReleased', publication);
  }
}

/** Lets a picture flow when those who will see it are ready. */
function startTogether(room: Room, publication: Publication): void {
  const start = () => {
    // Paused or ended meanwhile: nothing is to flow.
    if (publication.paused || room.publications.get(publication.id) !== publication) return;
    const starting = room.media.resumeProducer(publication.id).catch((error: unknown) => {
      if (!['not_found', 'unavailable'].includes(AppError.from(error).code)) throw error;
    });
    room.tasks.spawn('start picture', starting);
  };
  if (publication.moved && room.receiversOf(publication) > 0) room.starts.hold(publication, start);
  else start();
}

/** Whether a publication goes on from an earlier one of the same kind and source: the id of that. */
function supersede(member: Member, id: ProducerId, by: Publication): ProducerId | undefined {
  const moving = member.moving.get(id);
  const before = moving?.publication ?? member.publications.get(id);
  if (before === undefined || before.superseded || before.kind !== by.kind || before.source !== by.source)
    return undefined;
  before.superseded = true;
  by.moved = true;
  moving?.giveUp();
  return id;
}

export function unpublish(room: Room, member: Member, id: ProducerId): void {
  forget(room, member, ownPublication(member, id));
  room.media.closeProducer(id);
  room.pokeAll();
}

export async function pausePublication(room: Room, member: Member, id: ProducerId, paused: boolean): Promise<void> {
  const publication = ownPublication(member, id);
  const changed = publication.paused !== paused;
  publication.paused = paused;
  await (paused ? room.media.pauseProducer(id) : room.media.resumeProducer(id));
  if (!changed || !member.publications.has(id)) return;
  room.events.emit(paused ? 'publicationPaused' : 'publicationResumed', publication);
  for (const { reception } of room.members.values()) reception?.media.pauseChanged(id);
}

export async function publishData(
  room: Room,
  member: JoinedMember,
  transportId: TransportId,
  options: {
    sctpStreamParameters: SctpStreamParameters | undefined;
    label: string;
    protocol: string;
    appData: { [name: string]: unknown };
    /** Who alone gets it. Default: everyone. */
    to?: readonly PeerId[] | undefined;
  },
): Promise<DataProducerId> {
  const { sctpStreamParameters, label, protocol, appData } = options;
  ownTransport(member, transportId);
  options.to?.forEach((peerId) => assertReachable(room, member, peerId));
  assertRoomFor(member.dataPublications, room.limits.maxDataProducersPerPeer, 'data producers');
  const id = await room.media.produceData(transportId, {
    label,
    protocol,
    ...(sctpStreamParameters !== undefined && { sctpStreamParameters }),
  });
  if (!member.transports.has(transportId)) {
    room.media.closeDataProducer(id);
    throw new AppError('unavailable', 'the transport closed meanwhile');
  }
  // They may have left while it was made.
  const to = options.to && new Set(options.to.filter((peerId) => room.members.has(peerId)));
  const publication: DataPublication = { id, peerId: member.id, transportId, label, protocol, appData, to };
  if (to?.size === 0) {
    room.media.closeDataProducer(id);
    throw new AppError('not_found', 'those to whom it goes have left');
  }
  member.dataPublications.set(id, publication);
  room.dataPublications.set(id, publication);
  room.events.emit('dataPublished', publication);
  room.pokeAll();
  return id;
}

export function unpublishData(room: Room, member: Member, id: DataProducerId): void {
  forgetData(room, member, ownDataPublication(member, id));
  room.media.closeDataProducer(id);
  room.pokeAll();
}

export function ownTransport(member: Member, id: TransportId): TransportId {
  if (!member.transports.has(id)) throw new AppError('not_found', `transport ${id} not found`);
  return id;
}

export function ownPublication(member: Member, id: ProducerId): Publication {
  const publication = member.publications.get(id);
  if (publication === undefined) throw new AppError('not_found', `producer ${id} not found`);
  return publication;
}

export function ownDataPublication(member: Member, id: DataProducerId): DataPublication {
  const publication = member.dataPublications.get(id);
  if (publication === undefined) throw new AppError('not_found', `data producer ${id} not found`);
  return publication;
}

function forget(room: Room, member: Member, publication: Publication): void {
  member.publications.delete(publication.id);
  room.publications.delete(publication.id);
  room.events.emit('unpublished', publication);
}

/** For how long the owner of a lost track may take to send it again before it is gone for the others, in milliseconds. */
const goesOnWithinMs = 10_000;

/** The path under a publication ended. Peers of our own client send it again: the others keep its place until then. */
function expectElsewhere(room: Room, member: Member, publication: Publication): void {
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

function forgetData(room: Room, member: Member, publication: DataPublication): void {
  member.dataPublications.delete(publication.id);
  room.dataPublications.delete(publication.id);
  room.events.emit('dataUnpublished', publication);
}

function assertRoomFor(held: { readonly size: number }, limit: number, what: string): void {
  if (held.size >= limit) throw new AppError('rate_limited', `at most ${limit} ${what} for one peer`);
}

function assertReachable(room: Room, member: Member, peerId: PeerId): void {
  const other = room.members.get(peerId);
  if (other === undefined || other === member || !isJoined(other)) {
    throw new AppError('not_found', `nobody else with the id ${peerId} is in the room`);
  }
  if (other.reception?.takesData !== true) throw new AppError('conflict', `${peerId} receives no data channels`);
}
