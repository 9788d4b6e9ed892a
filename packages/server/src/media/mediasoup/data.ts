import { Buffer } from 'node:buffer';
import { AppError, newId, type Emitter } from '@potluck/kernel';
import type { types } from 'mediasoup';
import { DataConsumerId, DataProducerId, type SctpStreamParameters } from '@potluck/protocol';
import type { ConsumeDataOptions, DataConsumed, ProduceDataOptions, RoomMediaEvents } from '../fabric.ts';
import { Branches } from './branches.ts';
import { closedMeanwhile, type DataProducerEntry, type Holdings, type TransportEntry } from './holdings.ts';
import type { Pipes } from './pipe.ts';
import type { RouterNode } from './router-node.ts';

/** Data producers and consumers of a room, of clients and of the server itself. */
export class DataChannels {
  readonly #holdings: Holdings;
  readonly #pipes: Pipes;
  readonly #events: Emitter<RoomMediaEvents>;
  readonly #maxMessageSize: number;

  constructor(holdings: Holdings, pipes: Pipes, events: Emitter<RoomMediaEvents>, maxMessageSize: number) {
    this.#holdings = holdings;
    this.#pipes = pipes;
    this.#events = events;
    this.#maxMessageSize = maxMessageSize;
  }

  async produce(on: TransportEntry, options: ProduceDataOptions): Promise<DataProducerId> {
    const { label, protocol, sctpStreamParameters } = options;
    const producer = await on.transport.produceData({
      label,
      protocol,
      ...(sctpStreamParameters && { sctpStreamParameters }),
    });
    if (on.closed) {
      producer.close();
      throw closedMeanwhile(on);
    }
    const id = DataProducerId.parse(producer.id);
    const branches = new Branches((node) => this.#pipes.pipeDataProducer(producer, on.node, node));
    this.#holdings.addDataProducer({
      id,
      on,
      producer,
      branches,
      consumers: new Set(),
      listening: undefined,
      closed: false,
    });
    return id;
  }

  /**
   * A data producer of the server has no home: each router on which somebody consumes it gets one of its own, with the
   * same id. So it needs no pipe, and the death of a worker takes nothing from those on others.
   */
  openServer(options: { label: string; protocol: string }): DataProducerId {
    const id = DataProducerId.parse(newId());
    const branches = new Branches(async (node) => {
      const producer = await (await node.direct()).produceData({ id, ...options });
      return { producer, close: () => producer.close() };
    });
    this.#holdings.addDataProducer({
      id,
      on: undefined,
      producer: undefined,
      branches,
      consumers: new Set(),
      listening: undefined,
      closed: false,
    });
    return id;
  }

  async consume(on: TransportEntry, of: DataProducerEntry, options: ConsumeDataOptions): Promise<DataConsumed> {
    const branch = of.on?.node === on.node ? undefined : await of.branches.acquire(on.node);
    try {
      refuseClosed(on, of);
      const consumer = await on.transport.consumeData(options);
      if (on.closed || of.closed) consumer.close();
      refuseClosed(on, of);
      const id = DataConsumerId.parse(consumer.id);
      this.#holdings.addDataConsumer({ id, on, of, consumer, branch });
      const { label, protocol } = consumer;
      return { id, label, protocol, sctpStreamParameters: streamParameters(consumer) };
    } catch (error) {
      if (branch) of.branches.release(branch);
      throw error;
    }
  }

  send(of: DataProducerEntry, message: string | Uint8Array): void {
    if (of.on) throw new AppError('conflict', 'only data producers of the server can be sent on');
    const size = typeof message === 'string' ? Buffer.byteLength(message) : message.byteLength;
    if (size > this.#maxMessageSize) {
      throw new AppError('too_large', `a message of ${size} bytes, at most ${this.#maxMessageSize} are allowed`);
    }
    const payload =
      typeof message === 'string' ? message : Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    for (const { producer } of of.branches.made()) if (!producer.closed) producer.send(payload);
  }

  /** Idempotent: a data producer is listened to once. */
  async listen(of: DataProducerEntry): Promise<void> {
    const { on } = of;
    if (!on) throw new AppError('conflict', 'a data producer of the server has nothing to listen to');
    of.listening ??= this.#listen(of, on.node);
    await of.listening;
  }

  async #listen(of: DataProducerEntry, node: RouterNode): Promise<void> {
    const direct = await node.direct();
    const consumer = await direct.consumeData({ dataProducerId: of.id });
    if (of.closed) {
      consumer.close();
      throw new AppError('not_found', `data producer "${of.id}" was closed meanwhile`);
    }
    consumer.on('message', (message, ppid) => {
      if (!of.closed) this.#events.emit('dataReceived', { dataProducerId: of.id, message, ppid });
    });
  }
}

function refuseClosed(on: TransportEntry, of: DataProducerEntry): void {
  if (on.closed) throw closedMeanwhile(on);
  if (of.closed) throw new AppError('not_found', `data producer "${of.id}" was closed meanwhile`);
}

/** Without the members that are `undefined`: on the wire they are absent. */
function streamParameters({ sctpStreamParameters }: types.DataConsumer): SctpStreamParameters {
  const { streamId = 0, ordered, maxPacketLifeTime, maxRetransmits } = sctpStreamParameters ?? {};
  return {
    streamId,
    ...(ordered !== undefined && { ordered }),
    ...(maxPacketLifeTime !== undefined && { maxPacketLifeTime }),
    ...(maxRetransmits !== undefined && { maxRetransmits }),
  };
}
