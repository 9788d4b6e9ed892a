import { AppError, unlessGone } from '@potluck/kernel';
import type {
  AppData,
  DataProducerId,
  MediaKind,
  PeerId,
  ProducerId,
  RtpParameters,
  SctpStreamParameters,
  TransportId,
} from '@potluck/protocol';
import { wantsNothing } from './demand.ts';
import { forget, forgetData } from './ending.ts';
import { isJoined, type JoinedMember, type Member } from './member.ts';
import { ownDataPublication, ownPublication, ownTransport } from './own.ts';
import { sourceOf, type DataPublication, type Publication } from './publication.ts';
import type { Room } from './room.ts';

/** What a member sends. */

type PublishOptions = {
  readonly kind: MediaKind;
  readonly rtpParameters: RtpParameters;
  readonly paused: boolean;
  readonly appData: AppData;
  /** An own publication, perhaps lost, that this one goes on from. */
  readonly replaces?: ProducerId | undefined;
};

/** Begins to send a track. `rate_limited` beyond the limit of the room, which is twice as high for what goes on elsewhere. */
export async function publish(
  room: Room,
  member: JoinedMember,
  transportId: TransportId,
  options: PublishOptions,
): Promise<ProducerId> {
  const { replaces } = options;
  ownTransport(member, transportId);
  const goesOn = replaces !== undefined && member.publications.has(replaces);
  const { maxProducersPerPeer } = room.limits;
  // Until its receivers have changed over, what goes on stands beside what it goes on from.
  const limit = goesOn ? 2 * maxProducersPerPeer : maxProducersPerPeer;
  return member.quotas.producers.make(member.publications.size, limit, () =>
    produce(room, member, transportId, { ...options, goesOn }),
  );
}

async function produce(
  room: Room,
  member: JoinedMember,
  transportId: TransportId,
  options: PublishOptions & { readonly goesOn: boolean },
): Promise<ProducerId> {
  const { kind, rtpParameters, paused, replaces, goesOn } = options;
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
    room.tasks.spawn('start picture', unlessGone(room.media.resumeProducer(publication.id)));
  };
  if (publication.follows !== undefined && room.receiversOf(publication) > 0) room.starts.hold(publication, start);
  else start();
}

/** Whether a publication goes on from an earlier one of the same kind and source: the id of that. */
function supersede(member: Member, id: ProducerId, by: Publication): ProducerId | undefined {
  const moving = member.moving.get(id);
  const before = moving?.publication ?? member.publications.get(id);
  if (before === undefined || before.superseded || before.kind !== by.kind || before.source !== by.source)
    return undefined;
  before.superseded = true;
  by.follows = id;
  moving?.giveUp();
  return id;
}

/** Stops sending a track. `not_found` for one that is not the member's own. */
export function unpublish(room: Room, member: Member, id: ProducerId): void {
  forget(room, member, ownPublication(member, id));
  room.media.closeProducer(id);
  room.pokeAll();
}

/** Mutes a track for everyone, or unmutes it. Others are told only of a change. */
export async function pausePublication(room: Room, member: Member, id: ProducerId, paused: boolean): Promise<void> {
  const publication = ownPublication(member, id);
  const changed = publication.paused !== paused;
  publication.paused = paused;
  try {
    await (paused ? room.media.pauseProducer(id) : room.media.resumeProducer(id));
  } catch (error) {
    // It flows, or rests, as before; unless somebody has asked again meanwhile.
    if (changed && publication.paused === paused) publication.paused = !paused;
    throw error;
  }
  if (!changed || !member.publications.has(id)) return;
  room.events.emit(paused ? 'publicationPaused' : 'publicationResumed', publication);
  for (const { reception } of room.members.values()) reception?.media.pauseChanged(id);
}

type PublishDataOptions = {
  readonly sctpStreamParameters: SctpStreamParameters | undefined;
  readonly label: string;
  readonly protocol: string;
  readonly appData: { readonly [name: string]: unknown };
  /** Who alone gets it. Default: everyone. */
  readonly to?: readonly PeerId[] | undefined;
};

/** Opens a data channel to the others. `rate_limited` beyond the limit of the room. */
export async function publishData(
  room: Room,
  member: JoinedMember,
  transportId: TransportId,
  options: PublishDataOptions,
): Promise<DataProducerId> {
  ownTransport(member, transportId);
  options.to?.forEach((peerId) => assertReachable(room, member, peerId));
  return member.quotas.dataProducers.make(member.dataPublications.size, room.limits.maxDataProducersPerPeer, () =>
    produceData(room, member, transportId, options),
  );
}

async function produceData(
  room: Room,
  member: JoinedMember,
  transportId: TransportId,
  options: PublishDataOptions,
): Promise<DataProducerId> {
  const { sctpStreamParameters, label, protocol, appData } = options;
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

/** Closes a data channel. `not_found` for one that is not the member's own. */
export function unpublishData(room: Room, member: Member, id: DataProducerId): void {
  forgetData(room, member, ownDataPublication(member, id));
  room.media.closeDataProducer(id);
  room.pokeAll();
}

function assertReachable(room: Room, member: Member, peerId: PeerId): void {
  const other = room.members.get(peerId);
  if (other === undefined || other === member || !isJoined(other)) {
    throw new AppError('not_found', `nobody else with the id ${peerId} is in the room`);
  }
  if (other.reception?.takesData !== true) throw new AppError('conflict', `${peerId} receives no data channels`);
}
