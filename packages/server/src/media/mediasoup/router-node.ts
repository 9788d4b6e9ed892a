import type { types } from 'mediasoup';
import { AppError, Lane } from '@potluck/kernel';
import { routerCodecs } from './codecs.ts';
import type { WorkerSlot } from './worker-slot.ts';

/**
 * Consumers that a room opens at once on one worker. The worker answers its requests one after another: without a limit, whoever wants to
 * connect waits behind the thousands of a room that everybody enters. And what V8 finds twice in the middle of its
 * way counts as old: with 64 a hundred v3 clients take 10 to 50 MiB more, with 256 another 50, and none of it is faster.
 */
const openedAtOnce = 32;
/** In a storm a turn takes some milliseconds. One that needs a pipe from a worker that hangs waits until that is found out. */
const longestTurnMs = 1_000;

/** The router of one room on one worker, and how much stands on it. */
export class RouterNode {
  readonly slot: WorkerSlot;
  readonly router: types.Router;
  readonly server: types.WebRtcServer | undefined;
  /** What clients have here; pipes and the server's own transport are not counted. */
  transports = 0;
  /** Of these, those held in reserve: they carry nothing until a worker dies. */
  standbys = 0;
  producers = 0;
  consumers = 0;
  /** For opening consumers, which come by the thousand. */
  readonly lane = new Lane(openedAtOnce, longestTurnMs);
  readonly #maxMessageSize: number;
  #direct: Promise<types.DirectTransport> | undefined;

  constructor(slot: WorkerSlot, router: types.Router, server: types.WebRtcServer | undefined, maxMessageSize: number) {
    this.slot = slot;
    this.router = router;
    this.server = server;
    this.#maxMessageSize = maxMessageSize;
  }

  get closed(): boolean {
    return this.router.closed;
  }

  /** The transport that ends in the server itself; made when first asked for. */
  direct(): Promise<types.DirectTransport> {
    this.#direct ??= this.router.createDirectTransport({
      maxSendMessageSize: this.#maxMessageSize,
      maxReceiveMessageSize: this.#maxMessageSize,
    });
    return this.#direct;
  }

  /** Idempotent. */
  close(): void {
    this.slot.nodes.delete(this);
    this.router.close();
  }
}

/** Rejects with `unavailable` while the worker does not run. */
export async function openRouterNode(slot: WorkerSlot, maxMessageSize: number): Promise<RouterNode> {
  const { running } = slot;
  if (!running) throw new AppError('unavailable', `media worker ${slot.index} is not running`);
  const router = await running.worker.createRouter({ mediaCodecs: routerCodecs });
  const node = new RouterNode(slot, router, running.server, maxMessageSize);
  if (router.closed) throw new AppError('unavailable', `media worker ${slot.index} has ended`);
  slot.nodes.add(node);
  return node;
}
