import type { PeerId } from '@potluck/protocol';
import type { Publication } from './publication.ts';
import type { Room } from './room.ts';
import { closeTransport } from './transports.ts';
import { takeOverLost } from './standby.ts';

/** Hands the engine's facts about objects to those whose objects they are. */
export function attachEngineFacts(room: Room): void {
  const { media, consumerOwners } = room;
  const forget = [
    media.events.on('consumerScored', ({ consumerId, score }) =>
      consumerOwners.get(consumerId)?.scored(consumerId, score),
    ),
    media.events.on('consumerLayersChanged', ({ consumerId, layers }) =>
      consumerOwners.get(consumerId)?.layersChanged(consumerId, layers),
    ),
    media.events.on('producerScored', ({ producerId, score }) => {
      const publication = room.publications.get(producerId);
      if (publication !== undefined) room.events.emit('publicationScored', publication, score);
    }),
    media.events.on('transportConnected', ({ transportId }) => {
      const held = room.transportOwners.get(transportId)?.transports.get(transportId);
      if (held !== undefined) held.connected = true;
    }),
    media.events.on('transportFailed', ({ transportId, reason }) => {
      const member = room.transportOwners.get(transportId);
      if (member === undefined) return;
      const role = member.transports.get(transportId)?.role;
      // Nothing flows on a standby: a new one is cheaper than mending it.
      if (role === 'standby') closeTransport(room, member, transportId);
      else if (role === 'active') room.events.emit('transportFailed', member, transportId, reason, false);
    }),
    media.events.on('transportLost', ({ transportId, reason }) => {
      const member = room.transportOwners.get(transportId);
      if (member === undefined) return;
      if (takeOverLost(room, member, transportId)) return;
      const active = member.transports.get(transportId)?.role === 'active';
      // Told before it is closed: the client is to keep its last pictures.
      if (active) room.events.emit('transportFailed', member, transportId, reason, true);
      // Clients of v3 are put out by this, with all they have.
      if (member.transports.has(transportId)) closeTransport(room, member, transportId);
    }),
    media.events.on('downlinkEstimated', ({ transportId, estimate }) => {
      const member = room.transportOwners.get(transportId);
      if (member === undefined) return;
      if (transportId === member.receiveTransport) member.downlink = estimate;
      room.events.emit('downlinkEstimated', member, estimate);
    }),
    media.events.on('audioLevels', (levels) => {
      room.floor.hear(levels);
      // A peer with two microphones speaks once, as loud as the louder.
      const loudest = new Map<PeerId, number>();
      for (const { producerId, volume } of levels) {
        const peerId = room.publications.get(producerId)?.peerId;
        if (peerId !== undefined && volume > (loudest.get(peerId) ?? -Infinity)) loudest.set(peerId, volume);
      }
      const speakers = Array.from(loudest, ([peerId, volume]) => ({ peerId, volume }));
      room.events.emit(
        'speakersChanged',
        speakers.toSorted((a, b) => b.volume - a.volume),
      );
    }),
    media.events.on('dominantSpeakerChanged', ({ producerId }) => {
      const peerId = room.publications.get(producerId)?.peerId;
      if (peerId !== undefined) room.events.emit('dominantSpeakerChanged', peerId);
    }),
    media.events.on('closed', (reason) => room.close(reason)),
  ];
  room.scope.add(() => forget.forEach((off) => off()));
}

/** Who may be heard follows who is there, and everyone's reception follows that. */
export function attachFloor({ floor, events, members, scope }: Room): void {
  const forget = [
    events.on('published', (publication) => floor.add(publication)),
    events.on('unpublished', ({ id }) => floor.remove(id)),
    events.on('republished', (publication, before) => floor.replace(before, publication)),
    events.on('publicationPaused', (publication) => floor.pauseChanged(publication)),
    events.on('publicationResumed', (publication) => floor.pauseChanged(publication)),
    floor.events.on('changed', () => {
      for (const { reception } of members.values()) if (reception?.chatByNotice === true) reception.media.poke();
    }),
  ];
  scope.add(() => forget.forEach((off) => off()));
}

/** What is sent follows what is received: only clients of our own can be told, and only video is worth it. */
export function attachDemand({ demand, events, members, scope }: Room): void {
  const add = (publication: Publication) => {
    const own = members.get(publication.peerId)?.reception?.chatByNotice === true;
    if (own && publication.kind === 'video') demand.add(publication);
  };
  const forget = [
    events.on('published', add),
    events.on('republished', (publication, before) => {
      demand.remove(before);
      add(publication);
    }),
    events.on('unpublished', ({ id }) => demand.remove(id)),
    events.on('publicationMoving', ({ id }) => demand.remove(id)),
  ];
  scope.add(() => forget.forEach((off) => off()));
}
