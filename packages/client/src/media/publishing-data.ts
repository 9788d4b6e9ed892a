import { AppError, Emitter, Tasks, type ErrorCode } from '@potluck/kernel';

import type { types } from 'mediasoup-client';
import type { DataOptions } from '../api.ts';
import { asAppError } from '../errors.ts';
import type { Call } from '../signal/api.ts';
import type { PublishedData } from '../verbs.ts';
import type { DataAppData } from './sending.ts';

export type DataSpec = { label: string; options: DataOptions };

/** What another transport will not change. */
const final: readonly ErrorCode[] = ['bad_request', 'forbidden', 'not_found', 'conflict', 'rate_limited', 'too_large'];
const lowWaterBytes = 64 * 1024;

/** An own data channel, opened again on every new transport. Messages that were on their way then are lost. */
export class DataPublication implements PublishedData {
  readonly events: PublishedData['events'] & Emitter<{ warned: [error: AppError] }> = new Emitter();
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

  /** What the server takes as one message, in bytes; known once it is open. */
  get maxMessageBytes(): number | undefined {
    return this.#maxBytes;
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

  /** The server closed it: nobody is there to whom it goes. */
  closedByServer(dataProducerId: string): void {
    if (this.#closed || this.#producer?.id !== dataProducerId) return;
    this.#closed = true;
    this.#producer.close();
    this.events.emit('closed');
  }

  async #produce(transport: types.Transport): Promise<void> {
    const { ordered, maxPacketLifeTime, maxRetransmits, protocol, to, appData } = this.#spec.options;
    const wire: DataAppData = { wire: appData, to };
    const unreliable = maxPacketLifeTime !== undefined || maxRetransmits !== undefined;
    const producer = await this.#begin(transport, {
      label: this.label,
      appData: wire,
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
      if (this.#transport !== transport) return undefined;
      const failure = asAppError(error);
      // The server does not know the transport any more: its end is on the way, and so is the next.
      if (failure.missing === 'transport' || !final.includes(failure.code)) throw failure;
      this.#closed = true;
      this.events.emit('failed', failure);
      this.events.emit('closed');
    }
    return undefined;
  }
}
