import { AppError, systemClock, type Clock } from '@potluck/kernel';
import type { RoomId } from '@potluck/protocol';
import type { RoomRecord } from '../store/room-record.ts';
import type { RoomRegistry } from './registry.ts';
import type { Room } from './room.ts';

export type RoomWishes = {
  readonly locked?: boolean | undefined;
  /** `null`: none any more. */
  readonly password?: string | null | undefined;
  readonly maxPeers?: number | undefined;
};

type Reservation = { readonly room: Room; readonly until: number; readonly end: () => void };

/** Rooms that are kept open for those who were invited, also while nobody is in them. */
export class Reservations {
  readonly #registry: Pick<RoomRegistry, 'enter' | 'get'>;
  readonly #clock: Clock;
  readonly #kept = new Map<RoomId, Reservation>();

  constructor(registry: Pick<RoomRegistry, 'enter' | 'get'>, clock: Clock = systemClock) {
    this.#registry = registry;
    this.#clock = clock;
  }

  /** Milliseconds since the epoch; `undefined` for a room that ends when everybody has left. */
  until(roomId: RoomId): number | undefined {
    return this.#kept.get(roomId)?.until;
  }

  /** Opens a room and keeps it for so long. `conflict` when it is there already. */
  async open(roomId: RoomId, wishes: RoomWishes, forMs: number): Promise<Room> {
    if (this.#registry.get(roomId) !== undefined)
      throw new AppError('conflict', `the room "${roomId}" is open already`);
    const room = await this.#hold(roomId, this.#clock.now() + forMs);
    if (room === undefined) throw new AppError('conflict', `the room "${roomId}" is open already`);
    changeRules(room, wishes);
    return room;
  }

  /**
   * Takes up what was reserved before a restart; their rules come with the rooms. One that cannot be opened keeps none of the
   * others from it: rejects with all failures, in the end.
   */
  async restore(records: readonly RoomRecord[]): Promise<void> {
    const failures: unknown[] = [];
    for (const { id, reserved } of records) {
      if (reserved === undefined || reserved.until <= this.#clock.now()) continue;
      await this.#hold(id, reserved.until).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} reserved rooms could not be opened`);
  }

  /** `undefined` when it is held already. */
  async #hold(roomId: RoomId, until: number): Promise<Room | undefined> {
    const { room, release } = await this.#registry.enter(roomId, { consumerReplicas: 0 });
    if (this.#kept.has(roomId)) {
      release();
      return undefined;
    }
    const cancel = this.#clock.after(until - this.#clock.now(), () => reservation.end());
    const reservation = {
      room,
      until,
      end: () => {
        cancel();
        if (this.#kept.get(roomId) === reservation) this.#kept.delete(roomId);
        room.reservedUntil = undefined;
        if (!room.closed) room.events.emit('rulesChanged');
        release();
      },
    };
    this.#kept.set(roomId, reservation);
    room.scope.add(() => reservation.end());
    room.reservedUntil = until;
    room.events.emit('rulesChanged');
    return room;
  }

  close(): void {
    for (const { end } of [...this.#kept.values()]) end();
  }
}

/** What an operator decides about a room, from outside. */
export function changeRules(room: Room, { locked, password, maxPeers }: RoomWishes): void {
  if (maxPeers !== undefined) room.limits = { ...room.limits, maxPeers: Math.min(maxPeers, room.limits.maxPeers) };
  if (locked !== undefined) room.door.locked = locked;
  if (password !== undefined) room.door.setPassword(password ?? undefined);
  room.events.emit('rulesChanged');
}
