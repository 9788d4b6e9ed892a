import { createHash } from 'node:crypto';
import { systemClock, type Clock, type Logger } from '@potluck/kernel';
import type { PeerId, RoomId } from '@potluck/protocol';
import type { KeptMember, RoomRecord, RoomStore } from '../store/room-record.ts';
import type { Room } from './room.ts';

/** Changes are written together, this long after the first: never while a request is handled. */
const writeAfterMs = 300;

/** Who has not come back this long after the room was taken up again is gone. */
const comeBackWithinMs = 60_000;

/** Writes rooms down as they change, so that they can be taken up again after a restart. */
export class Keeper {
  readonly #store: RoomStore;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #due = new Map<RoomId, () => void>();
  readonly #rooms = new Map<RoomId, Room>();
  #sealed = false;

  constructor(store: RoomStore, log: Logger, clock: Clock = systemClock) {
    this.#store = store;
    this.#log = log;
    this.#clock = clock;
  }

  /** What was kept of a room that this server does not know yet. */
  recall(id: RoomId): RoomRecord | undefined {
    return this.#store.load(id);
  }

  /** Keeps a room from now on, until it closes in the usual way; then it is forgotten. */
  attach(room: Room): void {
    this.#rooms.set(room.id, room);
    const touch = () => this.#touch(room);
    const { events } = room;
    const forget: (() => void)[] = [
      events.on('memberJoined', touch),
      events.on('memberLeft', touch),
      events.on('memberRenamed', touch),
      events.on('standingChanged', touch),
      events.on('handChanged', touch),
      events.on('chatPosted', touch),
      events.on('rulesChanged', touch),
      // A ban of somebody who waits to be let in changes nothing else.
      events.on('memberExpelled', touch),
      events.on('bansChanged', touch),
    ];
    if (room.missing.size > 0) forget.push(this.#clock.after(comeBackWithinMs, () => room.giveUpMissing()));
    events.on('closed', () => {
      forget.forEach((off) => off());
      this.#rooms.delete(room.id);
      if (this.#sealed) return;
      this.#due.get(room.id)?.();
      this.#due.delete(room.id);
      this.#write(room, () => this.#store.forget(room.id));
    });
  }

  /** The server stops: everything is written as it is now, and what the stop itself ends is not forgotten. */
  seal(): void {
    if (this.#sealed) return;
    this.#sealed = true;
    for (const cancel of this.#due.values()) cancel();
    this.#due.clear();
    for (const room of this.#rooms.values()) this.#save(room);
  }

  #touch(room: Room): void {
    if (this.#sealed || this.#due.has(room.id)) return;
    const cancel = this.#clock.after(writeAfterMs, () => {
      this.#due.delete(room.id);
      this.#save(room);
    });
    this.#due.set(room.id, cancel);
  }

  #save(room: Room): void {
    this.#write(room, () => this.#store.save(recordOf(room)));
  }

  /** A full disk must not end a call. */
  #write(room: Room, write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#log.error('the room could not be kept for a restart', { roomId: room.id, error });
    }
  }
}

/** SHA-256 in hex: tokens themselves are kept nowhere. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex');

function recordOf(room: Room): RoomRecord {
  const { password } = room.door;
  const members = room.joined().flatMap(({ id, resumeTokenHash, state: { profile } }): KeptMember[] => {
    // Without a token (v3 clients, broadcasters) nobody could prove to be the same again.
    if (resumeTokenHash === undefined) return [];
    const { displayName = '', standing, handRaisedAt } = profile;
    const hand = handRaisedAt !== undefined && { handRaisedAt };
    return [{ peerId: id, displayName, role: standing.role, tokenHash: resumeTokenHash, ...hand }];
  });
  return {
    id: room.id,
    startedAt: room.startedAt,
    savedAt: room.clock.now(),
    locked: room.door.locked,
    ...(room.reservedUntil !== undefined && {
      reserved: { until: room.reservedUntil, maxPeers: room.limits.maxPeers },
    }),
    ...(password !== undefined && { password }),
    bans: room.door.bans.all,
    chat: [...room.chat.history],
    // Those who have not come back yet since the last restart are kept with those who are here.
    members: [...members, ...room.missing.values()],
  };
}

/** A member of before the restart who has not joined again yet. */
export type MissingMember = KeptMember & {
  /** It was here for a moment and was given another token, which it may have got or not. */
  readonly newerTokenHash?: string;
};

export const holdsToken = ({ tokenHash, newerTokenHash }: MissingMember, token: string): boolean =>
  [tokenHash, newerTokenHash].includes(hashOfToken(token));

export function missingOf(record: RoomRecord | undefined): Map<PeerId, MissingMember> {
  return new Map(record?.members.map((member) => [member.peerId, member]));
}
