import type { types } from 'mediasoup';
import { invariant, Scope, type Tasks } from '@potluck/kernel';
import { udpBuffer } from './addresses.ts';
import { asking } from './faults.ts';
import { shareConsumable } from './producer.ts';
import { Valve } from './valve.ts';
import type { PipedDataProducer, PipedProducer } from './holdings.ts';
import type { RouterNode } from './router-node.ts';

/** Two connected pipe transports between two routers of a room. */
type Link = ReadonlyMap<RouterNode, types.PipeTransport>;
type LinkKind = 'media' | 'data';

const loopback = { protocol: 'udp', ip: '127.0.0.1' } as const;

/**
 * The pipes between the routers of a room: opened when first needed, closed when nothing goes through any more, so
 * that ports grow with demand and not with the square of the workers.
 */
export class Pipes {
  readonly #maxMessageSize: number;
  readonly #portRange: types.TransportPortRange;
  readonly #tasks: Tasks;
  readonly #links = new Map<string, Promise<Link>>();
  readonly #leases = new Map<string, number>();

  constructor(options: { maxMessageSize: number; portRange: types.TransportPortRange; tasks: Tasks }) {
    this.#tasks = options.tasks;
    this.#maxMessageSize = options.maxMessageSize;
    this.#portRange = options.portRange;
  }

  /** Pairs of transports. */
  get size(): number {
    return this.#links.size;
  }

  /**
   * Makes a producer of `from` available on `to`, under the same id; nothing flows until its valve is opened. Pausing the
   * producer is the caller's: on both, in the same order.
   */
  async pipeProducer(producer: types.Producer, from: RouterNode, to: RouterNode): Promise<PipedProducer> {
    const scope = new Scope();
    try {
      const link = await this.#lease(scope, 'media', from, to);
      const source = await endOf(link, from).consume({ producerId: producer.id });
      scope.add(() => source.close());
      // The engine can make it flowing only; before the copy is there nobody hears it.
      await source.pause();
      const copy = await endOf(link, to).produce({
        id: producer.id,
        kind: source.kind,
        rtpParameters: source.rtpParameters,
        paused: source.producerPaused,
      });
      scope.add(() => copy.close());
      shareConsumable(copy);
      const turn = {
        pause: () => asking('pause pipe', () => source.pause()),
        resume: () => asking('resume pipe', () => source.resume()),
      };
      return { producer: copy, valve: new Valve(turn, this.#tasks), close: () => scope.close('pipe closed') };
    } catch (error) {
      scope.close('pipe failed');
      throw error;
    }
  }

  async pipeDataProducer(producer: types.DataProducer, from: RouterNode, to: RouterNode): Promise<PipedDataProducer> {
    const scope = new Scope();
    try {
      const link = await this.#lease(scope, 'data', from, to);
      const source = await endOf(link, from).consumeData({ dataProducerId: producer.id });
      scope.add(() => source.close());
      const { sctpStreamParameters, label, protocol } = source;
      const copy = await endOf(link, to).produceData({
        id: producer.id,
        label,
        protocol,
        ...(sctpStreamParameters && { sctpStreamParameters }),
      });
      scope.add(() => copy.close());
      return { producer: copy, close: () => scope.close('pipe closed') };
    } catch (error) {
      scope.close('pipe failed');
      throw error;
    }
  }

  async #lease(scope: Scope, kind: LinkKind, a: RouterNode, b: RouterNode): Promise<Link> {
    const key = `${kind}:${[a.router.id, b.router.id].toSorted().join(':')}`;
    let making = this.#links.get(key);
    if (!making) this.#links.set(key, (making = this.#connect(kind, a, b)));
    this.#leases.set(key, (this.#leases.get(key) ?? 0) + 1);
    scope.add(() => this.#giveBack(key, making));
    return making;
  }

  #giveBack(key: string, making: Promise<Link>): void {
    const left = (this.#leases.get(key) ?? 0) - 1;
    if (left > 0) {
      this.#leases.set(key, left);
      return;
    }
    this.#leases.delete(key);
    this.#links.delete(key);
    making.then(closeLink, () => {});
  }

  async #connect(kind: LinkKind, a: RouterNode, b: RouterNode): Promise<Link> {
    const options = {
      listenInfo: { ...loopback, ...udpBuffer, portRange: this.#portRange },
      enableSctp: kind === 'data',
      maxSendMessageSize: this.#maxMessageSize,
      maxReceiveMessageSize: this.#maxMessageSize,
      // The windows of all transfers of a room between two workers; on loopback it is drained at once.
      sctpSendBufferSize: 32_000_000,
    };
    const made = await Promise.allSettled([
      a.router.createPipeTransport(options),
      b.router.createPipeTransport(options),
    ]);
    const [first, second] = made;
    try {
      if (first.status === 'rejected') throw asError(first.reason);
      if (second.status === 'rejected') throw asError(second.reason);
      await Promise.all([connectTo(first.value, second.value), connectTo(second.value, first.value)]);
      return new Map([
        [a, first.value],
        [b, second.value],
      ]);
    } catch (error) {
      for (const end of made) if (end.status === 'fulfilled') end.value.close();
      throw error;
    }
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

function connectTo(end: types.PipeTransport, other: types.PipeTransport): Promise<void> {
  const { localAddress, localPort } = other.tuple;
  return end.connect({ ip: localAddress, port: localPort });
}

function endOf(link: Link, node: RouterNode): types.PipeTransport {
  const end = link.get(node);
  invariant(end, 'a pipe ends on the routers it was opened for');
  return end;
}

function closeLink(link: Link): void {
  for (const end of link.values()) end.close();
}
