import { AppError } from '@potluck/kernel';
import type { Banned, PeerId } from '@potluck/protocol';
import type { KeptBan } from '../store/room-record.ts';

/** A room in which more are banned is better locked: the list is kept, sent and read whole. */
const most = 500;

/** Who does not get into one room any more, in the order in which they were put out. */
export class Bans {
  readonly #bans: Map<PeerId, KeptBan>;

  /** `kept` is what was there before a restart. */
  constructor(kept: readonly KeptBan[] = []) {
    this.#bans = new Map(kept.map((ban) => [ban.peerId, ban]));
  }

  /** With addresses, to be kept over a restart. */
  get all(): KeptBan[] {
    return [...this.#bans.values()];
  }

  /** Without addresses, which are nobody's business but the server's. */
  get list(): Banned[] {
    return this.all.map(({ peerId, displayName, since }) => ({ peerId, displayName, since }));
  }

  /** By id, and by address where one is given. Throws `unavailable` beyond 500. */
  add(ban: KeptBan): void {
    if (this.#bans.size >= most && !this.#bans.has(ban.peerId)) {
      throw new AppError(
        'unavailable',
        `${most} are banned from this room, and more cannot be: lock it, or let some in again`,
      );
    }
    this.#bans.set(ban.peerId, ban);
  }

  /** Whoever was put out under this id may come again, also from that address. Throws `not_found` if nobody was. */
  lift(peerId: PeerId): void {
    if (!this.#bans.delete(peerId)) throw new AppError('not_found', `nobody is banned under the id ${peerId}`);
  }

  covers(peerId: PeerId, address: string): boolean {
    return this.#bans.has(peerId) || this.all.some((ban) => ban.address === address);
  }
}
