import type { types } from 'mediasoup';
import { AppError } from '@potluck/kernel';
import type { ConsumerId, DataConsumerId, DataProducerId, ProducerId, TransportId } from '@potluck/protocol';
import type { RoomMediaSummary } from '../fabric.ts';
import type { Branch, Branches } from './branches.ts';
import type { RouterNode } from './router-node.ts';
import type { Valve } from './valve.ts';

/**
 * What a room holds, and what stands on what. An entry that is `closed` was dropped while somebody waited for the
 * engine: what arrives for it then is closed at once.
 */
export type TransportEntry = {
  readonly id: TransportId;
  readonly node: RouterNode;
  readonly transport: types.WebRtcTransport | types.PlainTransport;
  readonly producers: Set<ProducerEntry>;
  readonly consumers: Set<ConsumerEntry>;
  readonly dataProducers: Set<DataProducerEntry>;
  readonly dataConsumers: Set<DataConsumerEntry>;
  /** Held in reserve, and nothing has stood on it yet. Changed by `Holdings` only. */
  standby: boolean;
  closed: boolean;
};

export type ProducerEntry = {
  readonly id: ProducerId;
  readonly on: TransportEntry;
  readonly producer: types.Producer;
  /** Its media codec in lower case. */
  readonly codec: string;
  /** Its copies on other routers. */
  readonly branches: Branches<PipedProducer>;
  readonly consumers: Set<ConsumerEntry>;
  closed: boolean;
};
export type PipedProducer = {
  readonly producer: types.Producer;
  /** Open while any consumer behind it flows. */
  readonly valve: Valve;
  close(): void;
};

export type ConsumerEntry = {
  readonly id: ConsumerId;
  readonly on: TransportEntry;
  readonly of: ProducerEntry;
  readonly consumer: types.Consumer;
  /** Where the producer is on another router: what brings it here. */
  readonly branch: Branch<PipedProducer> | undefined;
  readonly valve: Valve | undefined;
  /** Changed by `setFlowing` only. */
  flows: boolean;
};

/** Whether a consumer needs what the pipe before it could bring. */
export function setFlowing(entry: ConsumerEntry, flows: boolean): void {
  if (entry.flows === flows) return;
  entry.flows = flows;
  if (flows) entry.valve?.need();
  else entry.valve?.release();
}

export type DataProducerEntry = {
  readonly id: DataProducerId;
  /** `undefined` for one of the server itself. */
  readonly on: TransportEntry | undefined;
  readonly producer: types.DataProducer | undefined;
  readonly branches: Branches<PipedDataProducer>;
  readonly consumers: Set<DataConsumerEntry>;
  listening: Promise<void> | undefined;
  closed: boolean;
};
export type PipedDataProducer = { readonly producer: types.DataProducer; close(): void };

export type DataConsumerEntry = {
  readonly id: DataConsumerId;
  readonly on: TransportEntry;
  readonly of: DataProducerEntry;
  readonly consumer: types.DataConsumer;
  readonly branch: Branch<PipedDataProducer> | undefined;
};

/** Ids to entries, and what must be forgotten together. Closes in the engine only what does not close with its parent. */
export class Holdings {
  readonly transports = new Map<string, TransportEntry>();
  readonly producers = new Map<string, ProducerEntry>();
  readonly consumers = new Map<string, ConsumerEntry>();
  readonly dataProducers = new Map<string, DataProducerEntry>();
  readonly dataConsumers = new Map<string, DataConsumerEntry>();

  counts(): Omit<RoomMediaSummary, 'routers' | 'pipes'> {
    return {
      transports: this.transports.size,
      producers: this.producers.size,
      consumers: this.consumers.size,
      dataProducers: this.dataProducers.size,
      dataConsumers: this.dataConsumers.size,
    };
  }

  addTransport(entry: TransportEntry): void {
    this.transports.set(entry.id, entry);
    entry.node.transports += 1;
    if (entry.standby) entry.node.standbys += 1;
  }

  addProducer(entry: ProducerEntry): void {
    this.producers.set(entry.id, entry);
    entry.on.producers.add(entry);
    entry.on.node.producers += 1;
    this.#inUse(entry.on);
  }

  addConsumer(entry: ConsumerEntry): void {
    this.consumers.set(entry.id, entry);
    entry.on.consumers.add(entry);
    entry.of.consumers.add(entry);
    entry.on.node.consumers += 1;
    this.#inUse(entry.on);
  }

  addDataProducer(entry: DataProducerEntry): void {
    this.dataProducers.set(entry.id, entry);
    entry.on?.dataProducers.add(entry);
  }

  addDataConsumer(entry: DataConsumerEntry): void {
    this.dataConsumers.set(entry.id, entry);
    entry.on.dataConsumers.add(entry);
    entry.of.consumers.add(entry);
  }

  dropTransport(entry: TransportEntry): void {
    if (entry.closed) return;
    entry.closed = true;
    this.transports.delete(entry.id);
    entry.node.transports -= 1;
    this.#inUse(entry);
    // Closing it closes what stands on it; here that is only forgotten.
    entry.transport.close();
    for (const producer of entry.producers) this.dropProducer(producer);
    for (const consumer of entry.consumers) this.dropConsumer(consumer);
    for (const producer of entry.dataProducers) this.dropDataProducer(producer);
    for (const consumer of entry.dataConsumers) this.dropDataConsumer(consumer);
  }

  dropProducer(entry: ProducerEntry): void {
    if (entry.closed) return;
    entry.closed = true;
    this.producers.delete(entry.id);
    entry.on.producers.delete(entry);
    entry.on.node.producers -= 1;
    entry.producer.close();
    // The worker ends the consumers of a producer and tells mediasoup: no request for each.
    for (const consumer of entry.consumers) this.#forgetConsumer(consumer);
    entry.branches.close();
  }

  dropConsumer(entry: ConsumerEntry): void {
    if (!this.consumers.has(entry.id)) return;
    this.#forgetConsumer(entry);
    entry.consumer.close();
    if (!entry.branch) return;
    // The last one ends the pipe: nothing to be turned.
    if (entry.branch.users > 1) setFlowing(entry, false);
    entry.of.branches.release(entry.branch);
  }

  dropDataProducer(entry: DataProducerEntry): void {
    if (entry.closed) return;
    entry.closed = true;
    this.dataProducers.delete(entry.id);
    entry.on?.dataProducers.delete(entry);
    entry.producer?.close();
    for (const consumer of entry.consumers) this.#forgetDataConsumer(consumer);
    entry.branches.close();
  }

  dropDataConsumer(entry: DataConsumerEntry): void {
    if (!this.dataConsumers.has(entry.id)) return;
    this.#forgetDataConsumer(entry);
    entry.consumer.close();
    if (entry.branch) entry.of.branches.release(entry.branch);
  }

  #inUse(entry: TransportEntry): void {
    if (!entry.standby) return;
    entry.standby = false;
    entry.node.standbys -= 1;
  }

  #forgetConsumer(entry: ConsumerEntry): void {
    this.consumers.delete(entry.id);
    entry.on.consumers.delete(entry);
    entry.of.consumers.delete(entry);
    entry.on.node.consumers -= 1;
  }

  #forgetDataConsumer(entry: DataConsumerEntry): void {
    this.dataConsumers.delete(entry.id);
    entry.on.dataConsumers.delete(entry);
    entry.of.consumers.delete(entry);
  }
}

/** What was asked of it meanwhile is not there either. */
export const closedMeanwhile = ({ id }: TransportEntry): AppError =>
  new AppError('not_found', `transport "${id}" was closed meanwhile`, { missing: 'transport' });

/** `not_found`, in words that name what was looked for. */
export function find<T>(map: ReadonlyMap<string, T>, id: string, what: string): T {
  const found = map.get(id);
  if (found === undefined) throw new AppError('not_found', `${what} "${id}" not found`);
  return found;
}
