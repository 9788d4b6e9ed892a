import { AppError, Emitter, Tasks } from '@potluck/kernel';

import type { types } from 'mediasoup-client';
import type { DataOptions } from '../api.ts';
import { asAppError } from '../errors.ts';
import type { Call } from '../signal/api.ts';
import type { PublishedData } from '../verbs.ts';

export type DataSpec = { label: string; options: DataOptions };

const lowWaterBytes = 64 * 1024;

/** An own data channel, opened again on every new transport. Messages that were on their way then are lost. */
export class DataPublication implements PublishedData {
  readonly events = new Emitter<{ opened: []; closed: []; bufferedAmountLow: []; warned: [error: AppError] }>();
  readonly #call: Call;
  readonly #spec: DataSpec;
  readonly #tasks = new Tasks((_, error) => this.events.emit('warned', asAppError(error)));
  #producer: types.DataProducer | undefined;
  #transport: types.Transport | undefined;
  #maxBytes: number | undefined;
  #closed = false;

  constructor(call: Call, spec: DataSpec) {
    this.#call = call;
    this.#spec = spec;
  }

  get label(): string {
    return this.#spec.label;
  }

  get state(): 'opening' | 'open' | 'closed' {
    if (this.#closed) return 'closed';
    return this.#producer?.readyState === 'open' ? 'open' : 'opening';
  }

  get bufferedAmount(): number {
    return this.#producer?.bufferedAmount ?? 0;
  }

  send(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): void {
    if (this.#producer === undefined || this.state !== 'open') {
      throw new AppError('unavailable', `data channel "${this.label}" is ${this.state}`);
    }
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data).length : data.byteLength;
    if (this.#maxBytes !== undefined && bytes > this.#maxBytes) {
      throw new AppError('too_large', `a message of ${bytes} bytes; at most ${this.#maxBytes} are taken`);
    }
    this.#producer.send(data);
  }

  attach(transport: types.Transport): void {
    this.detach();
    this.#transport = transport;
    this.#tasks.spawn('produce data', this.#produce(transport));
  }

  /** What was produced is gone; what is wanted stays. */
  detach(): void {
    this.#producer?.close();
    this.#producer = undefined;
    this.#transport = undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const producer = this.#producer;
    if (producer !== undefined && !producer.closed) {
      this.#tasks.spawn('close data', this.#call('closeDataProducer', { dataProducerId: producer.id }));
      producer.close();
    }
    this.events.emit('closed');
  }

  async #produce(transport: types.Transport): Promise<void> {
    const { ordered, maxPacketLifeTime, maxRetransmits, protocol } = this.#spec.options;
    const unreliable = maxPacketLifeTime !== undefined || maxRetransmits !== undefined;
    const producer = await this.#begin(transport, {
      label: this.label,
      // RFC 8831 §6.4 and mediasoup: a channel that may lose messages is not ordered.
      ordered: ordered ?? !unreliable,
      ...(maxPacketLifeTime !== undefined && { maxPacketLifeTime }),
      ...(maxRetransmits !== undefined && { maxRetransmits }),
      ...(protocol !== undefined && { protocol }),
    });
    if (producer === undefined) return;
    if (this.#closed) {
      producer.close();
      await this.#call('closeDataProducer', { dataProducerId: producer.id });
      return;
    }
    this.#producer = producer;
    this.#maxBytes = transport.getDataChannelMaxMessageSize();
    producer.bufferedAmountLowThreshold = lowWaterBytes;
    producer.on('bufferedamountlow', () => this.events.emit('bufferedAmountLow'));
    producer.on('open', () => this.events.emit('opened'));
    if (producer.readyState === 'open') this.events.emit('opened');
  }

  /** A transport that went away, or a door that is not open yet: it is tried again on the next occasion. */
  async #begin(
    transport: types.Transport,
    options: types.DataProducerOptions,
  ): Promise<types.DataProducer | undefined> {
    try {
      const producer = await transport.produceData(options);
      if (this.#transport === transport) return producer;
      producer.close();
    } catch (error) {
      if (this.#transport === transport) throw error;
    }
    return undefined;
  }
}
