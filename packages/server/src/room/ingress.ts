import type { TransportId } from '@potluck/protocol';
import { z } from 'zod';
import type { Member } from './member.ts';
import type { Room } from './room.ts';

const lookEveryMs = 10_000;
/** The engine asks senders to keep to the limit (REMB, transport-wide feedback); bandwidth estimation overshoots at times. */
const tolerated = 2;
/** So often one after the other: twenty seconds of it are no accident. */
const looks = 2;

/** Of a member with data channels, in bits a second: files go as fast as the line takes them, and are no flood. */
const dataBitrateMax = 160_000_000;

const Received = z.object({
  recvBitrate: z.number(),
  rtpRecvBitrate: z.number().default(0),
  rtxRecvBitrate: z.number().default(0),
});

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
      const { media, rest } = await bitratesOf(room, id);
      const overdone = excess(
        member.dataPublications.size > 0 ? { media, data: rest } : { media: media + rest },
        maxBitrate,
      );
      if (overdone === undefined) {
        over.delete(id);
        continue;
      }
      const times = (over.get(id) ?? 0) + 1;
      over.set(id, times);
      if (times >= looks) putOut(room, member, overdone);
    }
    for (const id of over.keys()) if (!room.transportOwners.has(id)) over.delete(id);
  };
  room.scope.add(() => cancel());
  again();
}

type Excess = { readonly what: string; readonly bitrate: number; readonly allowed: number };

function excess({ media, data = 0 }: { media: number; data?: number }, maxBitrate: number): Excess | undefined {
  if (media > tolerated * maxBitrate) return { what: 'media', bitrate: media, allowed: maxBitrate };
  return data > dataBitrateMax ? { what: 'data', bitrate: data, allowed: dataBitrateMax } : undefined;
}

/** `rest`: data channels, and what belongs to no stream. */
async function bitratesOf(room: Room, id: TransportId): Promise<{ media: number; rest: number }> {
  // It may have closed between the question and the answer.
  const [stat] = await room.media.stats({ kind: 'transport', id }).catch(() => []);
  const received = Received.safeParse(stat).data;
  if (received === undefined) return { media: 0, rest: 0 };
  const media = received.rtpRecvBitrate + received.rtxRecvBitrate;
  return { media, rest: Math.max(0, received.recvBitrate - media) };
}

function putOut(room: Room, member: Member, { what, bitrate, allowed }: Excess): void {
  room.log.warn('client sends too much', { peerId: member.id, what, bitrate, allowed });
  room.expel(member, 'kicked', `you sent more than ${allowed} bits of ${what} a second`);
}
