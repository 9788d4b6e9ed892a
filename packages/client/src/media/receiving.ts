import { Emitter, newId, Tasks, type AppError } from '@potluck/kernel';
import type { ConsumerId, ConsumerInfo, DataConsumerId, DataConsumerInfo, PeerId, ProducerId } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import { asAppError } from '../errors.ts';
import type { Call } from '../signal/api.ts';
import { wireConnect } from './sending.ts';

export type ReceivingTransport = Pick<types.Transport, 'id' | 'closed' | 'consume' | 'consumeData' | 'close'>;

export type ReceivingEvents = {
  /** Tracks that may be shown now, together. */
  received: [tracks: { producerId: ProducerId; track: MediaStreamTrack }[]];
  /** Nothing is received of this producer any more; it may still exist. */
  ceased: [producerId: ProducerId];
  message: [message: { peerId: PeerId | undefined; label: string; data: string | ArrayBuffer }];
  warned: [error: AppError];
};

type Entry = { consumerId: ConsumerId; producerId: ProducerId; peerId: PeerId; consumer: Consumer };
type Consumer = Pick<types.Consumer, 'track' | 'close' | 'kind' | 'rtpParameters'>;

/** Far from the server's own, which begin at 0, and among the 256 that every browser opens at first. */
const warmStreamId = 255;

/** Everything this client receives. Consumers come in batches and are begun by one request a batch. */
export class Receiving {
  readonly events = new Emitter<ReceivingEvents>();
  readonly #call: Call;
  readonly #tasks = new Tasks((_, error) => this.events.emit('warned', asAppError(error)));
  readonly #consumers = new Map<ConsumerId, Entry>();
  readonly #dataConsumers = new Map<DataConsumerId, types.DataConsumer>();
  /** Closed by the server before we had made them. */
  readonly #gone = new Set<ConsumerId>();
  #opening = 0;
  #warm: types.DataConsumer | undefined;
  #transport: types.Transport | undefined;

  constructor(call: Call) {
    this.#call = call;
  }

  get transport(): types.Transport | undefined {
    return this.#transport;
  }

  /** What is received now, newest last. */
  entries(): IterableIterator<Entry> {
    return this.#consumers.values();
  }

  producerOf(consumerId: ConsumerId): ProducerId | undefined {
    return this.#consumers.get(consumerId)?.producerId;
  }

  /** The newest consumer of a producer: a replacement is there before what it replaces is gone. */
  newestOf(producerId: ProducerId): Entry | undefined {
    return [...this.#consumers.values()].findLast((entry) => entry.producerId === producerId);
  }

  trackOf(producerId: ProducerId): MediaStreamTrack | undefined {
    return this.newestOf(producerId)?.consumer.track;
  }

  /** Consumers of the transport before are gone; their last pictures stay until new ones come. */
  use(transport: types.Transport, onBroken: (error: unknown) => void, dataChannels: boolean): void {
    this.#consumers.clear();
    this.#dataConsumers.clear();
    this.#gone.clear();
    this.#transport = transport;
    wireConnect(transport, this.#call, onBroken);
    if (dataChannels) this.#tasks.spawn('warm up', this.#warmUp(transport));
  }

  /** Makes consumers together, then asks for all of them at once. */
  open(infos: readonly ConsumerInfo[]): void {
    const transport = this.#transport;
    if (transport === undefined) return;
    this.#opening += 1;
    this.#tasks.spawn('consume', this.#open(transport, infos));
  }

  closeConsumer(consumerId: ConsumerId): void {
    const entry = this.#consumers.get(consumerId);
    if (entry === undefined) {
      if (this.#opening > 0) this.#gone.add(consumerId);
      return;
    }
    this.#consumers.delete(consumerId);
    entry.consumer.close();
    const track = this.trackOf(entry.producerId);
    if (track === undefined) this.events.emit('ceased', entry.producerId);
    else this.events.emit('received', [{ producerId: entry.producerId, track }]);
  }

  async openData(info: DataConsumerInfo): Promise<void> {
    const transport = this.#transport;
    if (transport === undefined) return;
    const { id, dataProducerId, sctpStreamParameters, label, protocol } = info;
    if (sctpStreamParameters.streamId === warmStreamId) this.#warm?.close();
    const consumer = await transport.consumeData({ id, dataProducerId, sctpStreamParameters, label, protocol });
    this.#dataConsumers.set(id, consumer);
    consumer.on('message', (data: unknown) => {
      if (typeof data !== 'string' && !(data instanceof ArrayBuffer)) return;
      this.events.emit('message', { peerId: info.peerId ?? undefined, label, data });
    });
  }

  closeData(dataConsumerId: DataConsumerId): void {
    this.#dataConsumers.get(dataConsumerId)?.close();
    this.#dataConsumers.delete(dataConsumerId);
  }

  close(): void {
    this.#consumers.clear();
    this.#dataConsumers.clear();
    this.#transport?.close();
  }

  async #open(transport: ReceivingTransport, infos: readonly ConsumerInfo[]): Promise<void> {
    // mediasoup-client gathers what is asked of it in one turn into one SDP exchange.
    const made = await Promise.allSettled(infos.map((info) => this.#consume(transport, info)));
    this.#opening -= 1;
    if (transport !== this.#transport || transport.closed) return;
    for (const { reason } of made.filter((result) => result.status === 'rejected')) {
      this.events.emit('warned', asAppError(reason));
    }
    const entries = made.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const live = entries.filter((entry) => {
      if (this.#gone.delete(entry.consumerId)) entry.consumer.close();
      else this.#consumers.set(entry.consumerId, entry);
      return this.#consumers.has(entry.consumerId);
    });
    if (live.length === 0) return;
    this.events.emit(
      'received',
      live.map(({ producerId, consumer }) => ({ producerId, track: consumer.track })),
    );
    await this.#call('resumeConsumers', { consumerIds: live.map(({ consumerId }) => consumerId) });
  }

  async #consume(transport: ReceivingTransport, info: ConsumerInfo): Promise<Entry> {
    const { id, producerId, peerId, kind, rtpParameters } = info;
    const consumer = await transport.consume({
      id,
      producerId,
      kind,
      rtpParameters: rtpParameters as types.RtpParameters,
      // Sound and picture of one source are played in step; a screen and a face need not be.
      streamId: `${peerId}-${info.appData['share'] === true ? 'screen' : 'person'}`,
    });
    return { consumerId: id, producerId, peerId, consumer };
  }

  /**
   * A silent data channel brings ICE and DTLS up before anything is there to receive: the first picture then costs no
   * handshake.
   */
  async #warmUp(transport: types.Transport): Promise<void> {
    try {
      this.#warm = await transport.consumeData({
        id: newId(),
        dataProducerId: newId(),
        sctpStreamParameters: { streamId: warmStreamId, ordered: true },
        label: 'warm-up',
      });
    } catch (error) {
      if (!transport.closed) throw error;
    }
  }
}
