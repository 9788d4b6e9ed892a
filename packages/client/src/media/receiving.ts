import { Emitter, systemClock, Tasks, type AppError, type Clock } from '@potluck/kernel';
import type { ConsumerId, ConsumerInfo, DataConsumerInfo, ProducerId, TransportId } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import type { Encryption } from '../encryption/encryption.ts';
import { asAppError } from '../errors.ts';
import type { Call } from '../signal/api.ts';
import { EarlyOffers } from './early-offers.ts';
import { begunOn } from './flow.ts';
import { ReceivingData, type DataMessage } from './receiving-data.ts';
import { wireConnect } from './sending.ts';
import { Succession, type Received, type ReceivingTransport, type ShownTrack } from './succession.ts';

export type ReceivingEvents = {
  /** Tracks that may be shown now, together. */
  received: [tracks: ShownTrack[]];
  /** Nothing is received of this producer any more; it may still exist. */
  ceased: [producerId: ProducerId];
  /** Whether what an encrypting sender sends can be opened here; told when it changes. */
  secrecy: [producerId: ProducerId];
  message: [message: DataMessage];
  /** What was offered has been asked for, as far as it can be received here. */
  begun: [];
  warned: [error: AppError];
};

/** Everything this client receives. Consumers come in batches and are begun by one request a batch. */
export class Receiving {
  readonly events = new Emitter<ReceivingEvents>();
  readonly data = new ReceivingData((message) => this.events.emit('message', message));
  readonly #call: Call;
  readonly #tasks = new Tasks((_, error) => this.events.emit('warned', asAppError(error)));
  readonly #consumers = new Map<ConsumerId, Received>();
  /** Closed by the server before we had made them. */
  readonly #gone = new Set<ConsumerId>();
  readonly #early = new EarlyOffers();
  readonly #succession: Succession;
  readonly #encryption: Encryption | undefined;
  readonly #secrecy = new Map<ProducerId, 'opened' | 'locked'>();
  #opening = 0;
  #transport: types.Transport | undefined;

  constructor(call: Call, clock: Clock = systemClock, encryption?: Encryption) {
    this.#call = call;
    this.#encryption = encryption;
    encryption?.events.on('reported', (consumerId, opened) => {
      const entry = [...this.#consumers.values()].find((one) => one.consumerId === consumerId);
      if (entry !== undefined) this.#noteSecrecy(entry.producerId, opened ? 'opened' : 'locked');
    });
    this.#succession = new Succession({
      consumers: this.#consumers,
      clock,
      tasks: this.#tasks,
      onShown: (tracks) => this.events.emit('received', tracks),
      onCeased: (producerId) => this.events.emit('ceased', producerId),
      onReleased: (consumerIds) => this.#giveBack(consumerIds),
    });
  }

  get transport(): types.Transport | undefined {
    return this.#transport;
  }

  /** What is received now, newest last. */
  entries(): IterableIterator<Received> {
    return this.#consumers.values();
  }

  producerOf(consumerId: ConsumerId): ProducerId | undefined {
    return this.#consumers.get(consumerId)?.producerId;
  }

  /** The newest consumer of a producer: a replacement is there before what it replaces is gone. */
  newestOf(producerId: ProducerId): Received | undefined {
    return [...this.#consumers.values()].findLast((entry) => entry.producerId === producerId);
  }

  /** Whether it is encrypted end to end, as far as is known. */
  secrecyOf(producerId: ProducerId): 'opened' | 'locked' | undefined {
    return this.#secrecy.get(producerId);
  }

  /** What is to be shown of a producer. */
  trackOf(producerId: ProducerId): MediaStreamTrack | undefined {
    return this.#succession.trackOf(producerId);
  }

  /** Consumers of the transport before are gone; their last pictures stay until new ones come. */
  use(transport: types.Transport, onBroken: (error: unknown) => void, dataChannels: boolean): void {
    this.#succession.clear();
    this.#consumers.clear();
    this.data.forgetAll();
    this.#gone.clear();
    wireConnect(transport, this.#call, onBroken);
    if (dataChannels) this.#tasks.spawn('warm up', this.data.warmUp(transport));
    this.#begin(transport);
  }

  /** Connects a transport that may be needed later. */
  prepare(transport: types.Transport, onBroken: (error: unknown) => void): void {
    wireConnect(transport, this.#call, onBroken);
    this.data.warmUp(transport).catch(onBroken);
  }

  /** New consumers come there from now on; what flows on the transport before is shown until they do. */
  moveTo(transport: types.Transport): void {
    this.data.forgetAll();
    this.#begin(transport);
  }

  /** The server ends consumers that it is about to replace: what they showed last stays for a while. */
  keepAll(): void {
    this.#succession.expect([...this.#consumers.values()].map(({ producerId }) => producerId));
  }

  /** The same for one track. */
  keep(producerId: ProducerId): void {
    this.#succession.expect([producerId]);
  }

  /** A track goes on under another id. */
  replaced(before: ProducerId, by: ProducerId): void {
    this.#succession.replaced(before, by);
  }

  /** Whether something comes on the transport that there is, of all that should; also if nothing should. */
  async flows(): Promise<boolean> {
    if (this.#opening > 0) return false;
    const entries = [...this.#consumers.values()].filter(({ transport }) => transport === this.#transport);
    if (this.#transport === undefined || entries.length === 0) return !this.#succession.waiting;
    const begun = await begunOn(this.#transport);
    return entries.some(({ consumer }) => begun(consumer));
  }

  /** Resolves when everything that replaces something flows, or has had its time. */
  settled(): Promise<void> {
    return this.#succession.settled();
  }

  /** Makes consumers together, then asks for all of them at once. They belong on this transport, on no other. */
  open(offered: readonly ConsumerInfo[], transportId?: TransportId): void {
    const transport = this.#transport;
    if (transportId !== undefined && transportId !== transport?.id) return this.#early.keep(transportId, offered);
    if (transport === undefined) return;
    const infos = offered.filter((info) => this.#mayOpen(info));
    if (infos.length === 0) return this.events.emit('begun');
    this.#opening += 1;
    this.#tasks.spawn('consume', this.#open(transport, infos));
  }

  closeConsumer(consumerId: ConsumerId): void {
    const entry = this.#consumers.get(consumerId);
    if (entry === undefined) {
      this.#early.drop(consumerId);
      if (this.#opening > 0) this.#gone.add(consumerId);
      return;
    }
    this.#consumers.delete(consumerId);
    if (this.#succession.ended(entry)) return;
    // What is on a transport that is left ends with it: an SDP exchange would only hold up what goes on.
    if (entry.transport === this.#transport) entry.consumer.close();
    this.#succession.showRest(entry.producerId);
  }

  async openData(info: DataConsumerInfo): Promise<void> {
    if (this.#transport !== undefined) await this.data.open(this.#transport, info);
  }

  close(): void {
    this.#secrecy.clear();
    this.#succession.clear();
    this.#consumers.clear();
    this.data.forgetAll();
    this.#transport?.close();
  }

  #begin(transport: types.Transport): void {
    const early = this.#early.begin(transport.id, this.#transport?.id);
    this.#transport = transport;
    this.#opening = 0;
    if (early.length > 0) this.open(early);
  }

  async #open(transport: ReceivingTransport, infos: readonly ConsumerInfo[]): Promise<void> {
    // mediasoup-client gathers what is asked of it in one turn into one SDP exchange.
    const made = await Promise.allSettled(infos.map((info) => this.#consume(transport, info)));
    if (transport !== this.#transport || transport.closed) return;
    if (this.#opening > 0) this.#opening -= 1;
    for (const { reason } of made.filter((result) => result.status === 'rejected')) {
      this.events.emit('warned', asAppError(reason));
    }
    const entries = made.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const live = entries.filter((entry) => {
      if (this.#gone.delete(entry.consumerId)) entry.consumer.close();
      else this.#consumers.set(entry.consumerId, entry);
      return this.#consumers.has(entry.consumerId);
    });
    if (live.length === 0) return this.events.emit('begun');
    this.#succession.add(live);
    const resumed = this.#call('resumeConsumers', { consumerIds: live.map(({ consumerId }) => consumerId) });
    this.events.emit('begun');
    await resumed;
  }

  async #consume(transport: ReceivingTransport, info: ConsumerInfo): Promise<Received> {
    const { id, producerId, peerId, kind, rtpParameters } = info;
    const encryption = this.#encryption;
    const consumer = await transport.consume({
      id,
      producerId,
      kind,
      rtpParameters: rtpParameters as types.RtpParameters,
      // Sound and picture of one source are played in step; a screen and a face need not be.
      ...(encryption && {
        onRtpReceiver: (receiver: RTCRtpReceiver) => encryption.open(receiver, kind, id),
      }),
      streamId: `${peerId}-${info.appData['share'] === true ? 'screen' : 'person'}`,
    });
    return { consumerId: id, producerId, peerId, consumer, transport, paused: info.producerPaused, shown: false };
  }

  /** What we have no key for is not received: a decoder would make noise of it. */
  #mayOpen({ producerId, appData }: ConsumerInfo): boolean {
    if (this.#encryption !== undefined || appData['encrypted'] !== true) return true;
    this.#noteSecrecy(producerId, 'locked');
    return false;
  }

  #noteSecrecy(producerId: ProducerId, secrecy: 'opened' | 'locked'): void {
    if (this.#secrecy.get(producerId) === secrecy) return;
    this.#secrecy.set(producerId, secrecy);
    this.events.emit('secrecy', producerId);
  }

  #giveBack(consumerIds: readonly ConsumerId[]): void {
    if (consumerIds.length === 0) return;
    const releasing = this.#call('releaseConsumers', { consumerIds: [...consumerIds] });
    this.#tasks.spawn(
      'release',
      releasing.then(() => consumerIds.forEach((id) => this.closeConsumer(id))),
    );
  }
}
