import type { TransportId } from '@potluck/protocol';
import type { Member } from './member.ts';
import type { Room } from './room.ts';
import { closeTransport } from './transports.ts';

/**
 * Closes transports whose ICE and DTLS are not up in time after their owner began to connect them, or began anew. Those that
 * nobody connects yet are left alone: clients of v3 do it when the first track comes, which may be hours later.
 */
export function attachConnectLimit(room: Room, withinMs: number): void {
  const waiting = new Map<TransportId, { readonly member: Member; readonly cancel: () => void }>();
  const forget = (id: TransportId) => {
    waiting.get(id)?.cancel();
    waiting.delete(id);
  };
  const offs = [
    room.events.on('transportConnecting', (member, id) => {
      forget(id);
      const cancel = room.clock.after(withinMs, () => {
        waiting.delete(id);
        if (member.transports.get(id)?.connected === false) giveUp(room, member, id, withinMs);
      });
      waiting.set(id, { member, cancel });
    }),
    room.media.events.on('transportConnected', ({ transportId }) => forget(transportId)),
    room.events.on('memberLeft', (peerId) => {
      for (const [id, { member }] of waiting) if (member.id === peerId) forget(id);
    }),
  ];
  room.scope.add(() => {
    offs.forEach((off) => off());
    [...waiting.keys()].forEach(forget);
  });
}

function giveUp(room: Room, member: Member, id: TransportId, withinMs: number): void {
  room.log.info('transport closed: it did not connect in time', { peerId: member.id, withinMs });
  // Our own client makes another one. Clients of v3 know no such message; they keep what works without the transport.
  const own = member.reception?.chatByNotice === true;
  if (own && member.transports.get(id)?.role === 'active') {
    room.events.emit('transportFailed', member, id, 'not connected in time', true);
  }
  if (member.transports.has(id)) closeTransport(room, member, id);
}
