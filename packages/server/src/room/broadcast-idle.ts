import type { Clock, Tasks } from '@potluck/kernel';
import { z } from 'zod';
import type { Member } from './member.ts';
import type { Room } from './room.ts';

const Counted = z.object({ bytesReceived: z.number().catch(0), bytesSent: z.number().catch(0) });
export type TransportCount = { readonly id: string; readonly bytesReceived: number; readonly bytesSent: number };

/** What has come and gone on a member's transports. One that is lost meanwhile is left out. */
export async function countTransports(room: Room, member: Member): Promise<TransportCount[]> {
  const counts = await Promise.allSettled(
    [...member.transports.keys()].map(async (id) => {
      const [stat] = await room.media.stats({ kind: 'transport', id });
      return { id, ...Counted.parse(stat ?? {}) };
    }),
  );
  return counts.flatMap((count) => (count.status === 'fulfilled' ? [count.value] : []));
}

export type IdleWatch = {
  /** A sign of life by another way than media. */
  touch(): void;
  stop(): void;
};

/**
 * Calls `onIdle` once nothing was received on any transport, nor `touch` called, for `idleMs`. Only what comes in counts:
 * the server itself would send into the void for ever. A receiver shows that it lives by its RTCP reports (RFC 3550 §6).
 */
export function watchIdle(
  { room, member }: { room: Room; member: Member },
  { clock, tasks }: { clock: Clock; tasks: Tasks },
  { idleMs, onIdle }: { idleMs: number; onIdle: () => void },
): IdleWatch {
  const received = new Map<string, number>();
  let aliveAt = clock.now();
  let stopped = false;
  let cancel = schedule();

  function schedule(): () => void {
    return clock.after(Math.max(1, Math.ceil(idleMs / 6)), () => tasks.spawn('watch a broadcaster', look()));
  }

  async function look(): Promise<void> {
    for (const { id, bytesReceived } of await countTransports(room, member)) {
      if (bytesReceived > (received.get(id) ?? 0)) aliveAt = clock.now();
      received.set(id, bytesReceived);
    }
    if (stopped) return;
    if (clock.now() - aliveAt >= idleMs) onIdle();
    else cancel = schedule();
  }

  return {
    touch: () => {
      aliveAt = clock.now();
    },
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}
