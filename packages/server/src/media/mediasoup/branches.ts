import { AppError } from '@potluck/kernel';
import type { RouterNode } from './router-node.ts';

export type Branch<Made, Node = RouterNode> = { readonly node: Node; readonly ready: Promise<Made>; users: number };

/**
 * The copies of one producer on other routers: each made once, however many ask at the same time, kept while somebody
 * uses it, closed with its last user or with the producer.
 */
export class Branches<Made extends { close(): void }, Node = RouterNode> {
  readonly #make: (node: Node) => Promise<Made>;
  readonly #branches = new Map<Node, Branch<Made, Node>>();
  /** Those that are ready. */
  readonly #made = new Map<Node, Made>();
  #closed = false;

  constructor(make: (node: Node) => Promise<Made>) {
    this.#make = make;
  }

  get size(): number {
    return this.#branches.size;
  }

  /** The copies that are there now. */
  made(): Iterable<Made> {
    return this.#made.values();
  }

  /**
   * Does something to every copy, also to those that are still being made: they get it first thing. Rejects if one that is
   * there refuses.
   */
  async each(act: (made: Made) => Promise<void>): Promise<void> {
    const acts = [...this.#branches.values()].map(async ({ ready }) => {
      // A copy that cannot be made is the business of those who wait for it.
      const made = await ready.catch(() => undefined);
      if (made !== undefined) await act(made);
    });
    await Promise.all(acts);
  }

  /** Give it back with `release`. Rejects with `unavailable` if producer or router ended meanwhile. */
  async acquire(node: Node): Promise<Branch<Made, Node>> {
    if (this.#closed) throw new AppError('unavailable', 'the producer has ended');
    const branch = this.#branches.get(node) ?? this.#open(node);
    branch.users += 1;
    await branch.ready;
    if (this.#branches.get(node) !== branch) throw new AppError('unavailable', 'the way between two routers has ended');
    return branch;
  }

  release(branch: Branch<Made, Node>): void {
    branch.users -= 1;
    if (branch.users === 0 && this.#branches.get(branch.node) === branch) this.#end(branch.node);
  }

  /** The router is gone, and the copy with it. */
  lose(node: Node): void {
    this.#end(node);
  }

  close(): void {
    this.#closed = true;
    for (const node of this.#branches.keys()) this.#end(node);
  }

  #open(node: Node): Branch<Made, Node> {
    const branch = { node, ready: this.#make(node), users: 0 };
    this.#branches.set(node, branch);
    branch.ready.then(
      (made) => {
        if (this.#branches.get(node) === branch) this.#made.set(node, made);
        else made.close();
      },
      () => {
        if (this.#branches.get(node) === branch) this.#branches.delete(node);
      },
    );
    return branch;
  }

  #end(node: Node): void {
    this.#branches.delete(node);
    this.#made.get(node)?.close();
    this.#made.delete(node);
  }
}
