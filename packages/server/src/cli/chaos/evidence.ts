import { setTimeout as pause } from 'node:timers/promises';
import type { Room } from '../../room/room.ts';
import type { RemoteBot } from './crew.ts';

const lookForMs = 500;

/** How things stand on both ends when an invariant is broken, in lines: what a repetition of the seed may not show again. */
export async function evidenceOf(bots: readonly RemoteBot[], room: Room | undefined): Promise<string[]> {
  const received = await Promise.all(
    bots.map((bot) => bot.order('evidence').catch((error: unknown) => [`  ${bot.name}: ${String(error)}`])),
  );
  if (room === undefined) return received.flat();
  const before = await countOf(room);
  await pause(lookForMs);
  const after = await countOf(room);
  const transports = [...room.members.values()].flatMap((member) =>
    [...member.transports].map(
      ([id, { role, connected, producing }]) =>
        `  server: ${member.id} ${producing ? 'sends' : 'receives'} on ${id.slice(0, 8)}, ${role}, ` +
        `${connected ? 'connected' : 'not connected'}, worker ${room.media.workerOf(id) ?? 'none'}`,
    ),
  );
  const flows = [...after].map(([what, packets]) => `  server: ${what}: ${packets - (before.get(what) ?? 0)} packets`);
  return [...received.flat(), ...transports, ...flows];
}

/** Packets that the server received of each producer, and sent of each to each receiver. */
async function countOf(room: Room): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { id, peerId, source } of room.publications.values()) {
    const stats = await room.media.stats({ kind: 'producer', id }).catch(() => []);
    counts.set(`${peerId} ${source} ${id.slice(0, 8)}`, packetsOf(stats));
  }
  for (const member of room.members.values()) {
    for (const [id, delivery] of room.consumerOwners) {
      if (delivery !== member.reception?.media) continue;
      const stats = await delivery.stats(id).catch(() => []);
      const sent = stats.filter((stat) => 'type' in stat && stat.type === 'outbound-rtp');
      const mimeType = sent.map((stat) => ('mimeType' in stat ? String(stat.mimeType) : '')).join();
      counts.set(`to ${member.id}, consumer ${id.slice(0, 8)}, ${mimeType}`, packetsOf(sent));
    }
  }
  return counts;
}

const packetsOf = (stats: readonly object[]): number =>
  stats.reduce((sum, stat) => sum + ('packetCount' in stat ? Number(stat.packetCount) : 0), 0);
