import { AppError } from '@potluck/kernel';
import type { DataProducerId, ProducerId, TransportId } from '@potluck/protocol';
import type { Member } from './member.ts';
import type { DataPublication, Publication } from './publication.ts';

/** Every id is looked up among the member's own: others' are simply `not_found`. */

export function ownTransport(member: Member, id: TransportId): TransportId {
  if (!member.transports.has(id)) {
    throw new AppError('not_found', `transport ${id} not found`, { missing: 'transport' });
  }
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
