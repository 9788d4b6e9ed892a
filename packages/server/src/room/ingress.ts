import type { TransportId } from '@potluck/protocol';
import { z } from 'zod';
import type { Member } from './member.ts';
import type { Room } from './room.ts';

const lookEveryMs = 10_000;
/** The engine asks senders to keep to the limit (REMB, transport-wide feedback); bandwidth estimation overshoots at times. */
const tolerated = 2;
/** So often one after the other: twenty seconds of it are no accident. */
const looks = 2;

const Received = z.object({ recvBitrate: z.number() });

/** Puts out who goes on sending far more than the engine asks for: a client that does not obey has no other bound. */
export function attachIngressLimit(room: Room, maxBitrate: number): void {
  const over = new Map<TransportId, number>();
  let cancel = () => {};
  const again = () => {
    cancel = room.clock.after(lookEveryMs, () => {
      room.tasks.spawn('look at what is received', look());
      again();
    });
  };
  const look = async () => {
    for (const [id, member] of [...room.transportOwners]) {
      const held = member.transports.get(id);
      if (member.kind !== 'peer' || held?.producing !== true || !held.connected) continue;
      const bitrate = await bitrateOf(room, id);
      const times = bitrate > tolerated * maxBitrate ? (over.get(id) ?? 0) + 1 : 0;
      if (times === 0) over.delete(id);
      else over.set(id, times);
      if (times >= looks) putOut(room, member, bitrate, maxBitrate);
    }
    for (const id of over.keys()) if (!room.transportOwners.has(id)) over.delete(id);
  };
  room.scope.add(() => cancel());
  again();
}

async function bitrateOf(room: Room, id: TransportId): Promise<number> {
  // It may have closed between the question and the answer.
  const [stat] = await room.media.stats({ kind: 'transport', id }).catch(() => []);
  return Received.safeParse(stat).data?.recvBitrate ?? 0;
}

function putOut(room: Room, member: Member, bitrate: number, maxBitrate: number): void {
  room.log.warn('client sends too much media', { peerId: member.id, bitrate, allowed: maxBitrate });
  room.expel(member, 'kicked', `you sent more than ${maxBitrate} bits a second`);
}
