import type { Room } from './room.ts';

/**
 * Data channels to named peers. Who leaves is no longer addressed, so that nobody gets it by taking that id; a channel
 * with nobody left to go to ends.
 */
export function attachAddressing(room: Room): void {
  const off = room.events.on('memberLeft', (peerId) => {
    for (const publication of [...room.dataPublications.values()]) {
      if (publication.to?.delete(peerId) !== true || publication.to.size > 0) continue;
      room.dataPublications.delete(publication.id);
      if (publication.peerId !== undefined)
        room.members.get(publication.peerId)?.dataPublications.delete(publication.id);
      room.media.closeDataProducer(publication.id);
      room.events.emit('dataUnpublished', publication);
      room.events.emit('dataUnaddressed', publication);
    }
  });
  room.scope.add(off);
}
