import { AppError } from '@potluck/kernel';
import { transportsInUse, type RoomShare } from './placement.ts';
import { openRouterNode, type RouterNode } from './router-node.ts';
import type { WorkerSlot } from './worker-slot.ts';

/** What a room asks of the workers. */
export type RouterSource = {
  /** The worker for the room's next transport. Waits a little while none runs, then rejects with `unavailable`. */
  choose(room: readonly RoomShare[], wishes: PlacementWishes): Promise<WorkerSlot>;
};
export type PlacementWishes = {
  near?: number | undefined;
  awayFrom?: number | undefined;
  /** Nowhere rather than there. */
  apart?: boolean | undefined;
  /** There, if it takes anything. */
  on?: number | undefined;
};

/** A room's part of one worker: its router, perhaps still being opened, and transports on the way there. */
type Share = { readonly opening: Promise<RouterNode>; node: RouterNode | undefined; arriving: number };

/** The routers of one room: at most one a worker, opened when a transport is placed there. */
export class RoomRouters {
  readonly #source: RouterSource;
  readonly #maxMessageSize: number;
  readonly #shares = new Map<WorkerSlot, Share>();
  #closed = false;

  constructor(source: RouterSource, maxMessageSize: number) {
    this.#source = source;
    this.#maxMessageSize = maxMessageSize;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Those that are open; one that is still being opened does not count. */
  get size(): number {
    return [...this.#shares.values()].filter(({ node }) => node).length;
  }

  /**
   * Chooses a router for a new transport and makes it there. Until it is made it counts as arriving, so that a hundred
   * that come at once do not all see an empty router.
   */
  async place<T>(wishes: PlacementWishes, make: (node: RouterNode) => Promise<T>): Promise<T> {
    this.refuseClosed();
    const slot = await this.#source.choose(this.#roomShares(), wishes);
    this.refuseClosed();
    const share = this.#shares.get(slot) ?? this.#open(slot);
    const arrives = wishes.apart === true ? 0 : 1;
    share.arriving += arrives;
    try {
      const node = await share.opening;
      this.refuseClosed();
      return await make(node);
    } finally {
      share.arriving -= arrives;
    }
  }

  /** A router whose worker has died. Whether it was one of this room. */
  lose(node: RouterNode): boolean {
    if (this.#shares.get(node.slot)?.node !== node) return false;
    this.#shares.delete(node.slot);
    node.close();
    return true;
  }

  refuseClosed(): void {
    if (this.#closed) throw new AppError('unavailable', 'the room is closed');
  }

  close(): void {
    this.#closed = true;
    for (const { node } of this.#shares.values()) node?.close();
    this.#shares.clear();
  }

  #open(slot: WorkerSlot): Share {
    const share: Share = { opening: openRouterNode(slot, this.#maxMessageSize), node: undefined, arriving: 0 };
    this.#shares.set(slot, share);
    share.opening.then(
      (node) => {
        if (this.#shares.get(slot) === share) share.node = node;
        else node.close();
      },
      () => {
        if (this.#shares.get(slot) === share) this.#shares.delete(slot);
      },
    );
    return share;
  }

  #roomShares(): RoomShare[] {
    return [...this.#shares].map(([slot, { node, arriving }]) => ({
      worker: slot.index,
      transports: (node === undefined ? 0 : transportsInUse(node)) + arriving,
    }));
  }
}
