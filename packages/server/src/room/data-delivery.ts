import { AppError, Converger, Emitter, type Logger } from '@potluck/kernel';
import type { DataConsumerId, DataConsumerInfo, DataProducerId, TransportId } from '@potluck/protocol';
import type { RoomMedia } from '../media/fabric.ts';
import { wantedData, type Listener } from './audience.ts';
import type { DataPublication } from './publication.ts';

export type DataDeliveryEvents = {
  dataConsumerOpened: [consumer: DataConsumerInfo];
  dataConsumerClosed: [id: DataConsumerId];
};

export type DataDeliveryDeps = {
  readonly media: RoomMedia;
  readonly dataPublications: ReadonlyMap<DataProducerId, DataPublication>;
  readonly log: Logger;
};

export type DataEnd = { readonly transportId: TransportId; readonly listener: Listener };

type Held = { readonly id: DataConsumerId; readonly transportId: TransportId };

/** Like `Delivery`, for data channels: they flow from the start and know neither pause nor layers. */
export class DataDelivery {
  readonly events: Emitter<DataDeliveryEvents>;
  readonly #deps: DataDeliveryDeps;
  readonly #end: () => DataEnd | undefined;
  readonly #held = new Map<DataProducerId, Held>();
  readonly #refused = new Set<DataProducerId>();
  readonly #converger: Converger;

  constructor(deps: DataDeliveryDeps, end: () => DataEnd | undefined) {
    this.#deps = deps;
    this.#end = end;
    this.events = new Emitter((error) => deps.log.error('a listener failed', { error }));
    this.#converger = new Converger({
      pass: () => this.#pass(),
      // When a crowd joins, many things change in one turn of the event loop, for everyone.
      begin: setImmediate,
      report: (error) => deps.log.warn('data delivery is retried', { error }),
    });
  }

  get size(): number {
    return this.#held.size;
  }

  poke(): void {
    this.#converger.poke();
  }

  /** The client cannot or will not receive it. */
  refuse(id: DataConsumerId): void {
    for (const [producerId, held] of this.#held) {
      if (held.id !== id) continue;
      this.#held.delete(producerId);
      this.#refused.add(producerId);
      this.#deps.media.closeDataConsumer(id);
    }
  }

  stats(id: DataConsumerId): Promise<object[]> {
    const known = [...this.#held.values()].some((held) => held.id === id);
    if (!known) throw new AppError('not_found', `data consumer ${id} not found`);
    return this.#deps.media.stats({ kind: 'dataConsumer', id });
  }

  transportClosed(transportId: TransportId): void {
    for (const [producerId, held] of this.#held) {
      if (held.transportId !== transportId) continue;
      this.#deps.media.closeDataConsumer(held.id);
      this.#tellEnd(producerId, held);
    }
    this.poke();
  }

  close(): void {
    this.#converger.close();
    this.#held.clear();
  }

  async #pass(): Promise<void> {
    const end = this.#end();
    if (end === undefined) return;
    for (const id of this.#refused) if (!this.#deps.dataPublications.has(id)) this.#refused.delete(id);
    const desired = wantedData(end.listener, this.#deps.dataPublications.values());
    const desiredIds = new Set(desired.map(({ id }) => id));
    for (const [producerId, held] of this.#held) {
      if (desiredIds.has(producerId)) continue;
      if (this.#deps.dataPublications.has(producerId)) this.#deps.media.closeDataConsumer(held.id);
      this.#tellEnd(producerId, held);
    }
    const missing = desired.filter(({ id }) => !this.#held.has(id) && !this.#refused.has(id));
    const results = await Promise.allSettled(missing.map((publication) => this.#open(end, publication)));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  async #open(end: DataEnd, publication: DataPublication): Promise<void> {
    const { media, dataPublications } = this.#deps;
    const { id: dataProducerId, peerId, appData } = publication;
    try {
      const consumed = await media.consumeData(end.transportId, { dataProducerId });
      if (!dataPublications.has(dataProducerId) || this.#end()?.transportId !== end.transportId) {
        media.closeDataConsumer(consumed.id);
        return;
      }
      this.#held.set(dataProducerId, { id: consumed.id, transportId: end.transportId });
      this.events.emit('dataConsumerOpened', { ...consumed, peerId: peerId ?? null, dataProducerId, appData });
    } catch (error) {
      // Gone meanwhile: the next pass, which its end has asked for, sees it.
      if (AppError.from(error).code !== 'not_found') throw error;
    }
  }

  #tellEnd(producerId: DataProducerId, held: Held): void {
    this.#held.delete(producerId);
    this.events.emit('dataConsumerClosed', held.id);
  }
}
