import { AppError } from '@potluck/kernel';
import type { RoomShare } from './placement.ts';
import { openRouterNode, type RouterNode } from './router-node.ts';
import type { WorkerSlot } from './worker-slot.ts';

/** What a room asks of the workers. */
export type RouterSource = {
  /** The worker for the room's next transport. Waits a little while none runs, then rejects with `unavailable`. */
  choose(room: readonly RoomShare[], wishes: PlacementWishes): Promise<WorkerSlot>;
};
export type PlacementWishes = { near?: number | undefined; awayFrom?: number | undefined };

/** The routers of one room: at most one a worker, opened when a transport is placed there. */
export class RoomRouters {
  readonly #source: RouterSource;
  readonly #maxMessageSize: number;
  readonly #opening = new Map<WorkerSlot, Promise<RouterNode>>();
  readonly #nodes = new Set<RouterNode>();
  #closed = false;

  constructor(source: RouterSource, maxMessageSize: number) {
    this.#source = source;
    this.#maxMessageSize = maxMessageSize;
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** The router on which the next transport goes. */
  async place(wishes: PlacementWishes): Promise<RouterNode> {
    const slot = await this.#source.choose(this.#shares(), wishes);
    this.#refuseClosed();
    let opening = this.#opening.get(slot);
    if (!opening) this.#opening.set(slot, (opening = this.#open(slot)));
    const node = await opening;
    this.#refuseClosed();
    return node;
  }

  /** A router whose worker has died. Whether it was one of this room. */
  lose(node: RouterNode): boolean {
    this.#opening.delete(node.slot);
    node.close();
    return this.#nodes.delete(node);
  }

  close(): void {
    this.#closed = true;
    for (const node of this.#nodes) node.close();
    this.#nodes.clear();
    this.#opening.clear();
  }

  async #open(slot: WorkerSlot): Promise<RouterNode> {
    try {
      const node = await openRouterNode(slot, this.#maxMessageSize);
      if (this.#closed) node.close();
      else this.#nodes.add(node);
      return node;
    } catch (error) {
      this.#opening.delete(slot);
      throw error;
    }
  }

  #shares(): RoomShare[] {
    return [...this.#nodes].map(({ slot, transports }) => ({ worker: slot.index, transports }));
  }

  #refuseClosed(): void {
    if (this.#closed) throw new AppError('unavailable', 'the room is closed');
  }
}
