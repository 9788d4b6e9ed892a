import { elapsed, systemClock, type Clock } from '@potluck/kernel';
import type { Drained } from '../fabric.ts';
import type { LocalRoomMedia } from './room-media.ts';
import type { WorkerSlot } from './worker-slot.ts';

const lookEveryMs = 100;

/** Asks everyone on a worker to move, and waits; ends what is still there when the time is over. */
export async function drainSlot(
  slot: WorkerSlot,
  rooms: ReadonlySet<LocalRoomMedia>,
  withinMs: number,
  clock: Clock = systemClock,
): Promise<Drained> {
  const left = () => [...slot.nodes].reduce((sum, node) => sum + node.transports, 0);
  const before = left();
  const until = clock.now() + withinMs;
  for (const room of rooms) room.askToMove(slot.index);
  while (left() > 0 && slot.draining && clock.now() < until) {
    await elapsed(lookEveryMs, clock);
  }
  // Called off, or the worker died meanwhile.
  if (!slot.draining) return { moved: Math.max(0, before - left()), ended: 0 };
  const ended = left();
  for (const node of [...slot.nodes]) for (const room of rooms) room.lose(node, 'the media worker is drained');
  return { moved: Math.max(0, before - ended), ended };
}
