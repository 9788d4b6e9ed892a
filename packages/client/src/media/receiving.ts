import { Emitter, systemClock, Tasks, type AppError, type Clock } from '@potluck/kernel';
import type { ConsumerId, ConsumerInfo, DataConsumerInfo, PeerId, ProducerId, TransportId } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import type { Encryption } from '../encryption/encryption.ts';
import { asAppError } from '../errors.ts';
import type { Call } from '../signal/api.ts';
import { EarlyOffers } from './early-offers.ts';
import { begunOn, Flows } from './flow.ts';
import { Lingering } from './lingering.ts';
import { ReceivingData, type DataMessage } from './receiving-data.ts';
import { Releases } from './releases.ts';
import { wireConnect } from './sending.ts';

export type ReceivingTransport = Pick<
  types.Transport,
  'id' | 'closed' | 'consume' | 'consumeData' | 'close' | 'getStats'
>;

export type ReceivingEvents = {
  /** Tracks that may be shown now, together. */
  received: [tracks: { producerId: ProducerId; track: MediaStreamTrack }[]];
  /** Nothing is received of this producer any more; it may still exist. */
  ceased: [producerId: ProducerId];
  /** Whether what an encrypting sender sends can be opened here; told when it changes. */
  secrecy: [producerId: ProducerId];
  message: [message: DataMessage];
  /** What was offered has been asked for, as far as it can be received here. */
  begun: [];
  warned: [error: AppError];
};

type Entry = {
  consumerId: ConsumerId;
  producerId: ProducerId;
  peerId: PeerId;
  consumer: Consumer;
  transport: ReceivingTransport;
  /** Nothing is sent: there is nothing to wait for. */
  paused: boolean;
  /** It carries something, or nothing else does in its place. */
  shown: boolean;
};
type Consumer = Pick<types.Consumer, 'track' | 'close' | 'kind' | 'rtpParameters' | 'closed'>;

/**
 * How long what replaces something may take to flow, in milliseconds: while that still flows, and when it was lost. After
 * that it is shown as it is.
 */
const replaceWithinMs = { flowing: 5000, lost: 1500 };

/** Everything this client receives. Consumers come in batches and are begun by one request a batch. */
export class Receiving {
  readonly events = new Emitter<ReceivingEvents>();
  readonly data = new ReceivingData((message) => this.events.emit('message', message));
  readonly #call: Call;
  readonly #tasks = new Tasks((_, error) => this.events.emit('warned', asAppError(error)));
  readonly #consumers = new Map<ConsumerId, Entry>();
  /** Closed by the server before we had made them. */
  readonly #gone = new Set<ConsumerId>();
  /** New ids of tracks that moved, to the ids that they had. */
  readonly #before = new Map<ProducerId, ProducerId>();
  readonly #early = new EarlyOffers();
  readonly #lingering: Lingering<Entry>;
  readonly #flows: Flows;
  readonly #encryption: Encryption | undefined;
  readonly #secrecy = new Map<ProducerId, 'opened' | 'locked'>();
  readonly #replacing = new Set<Promise<unknown>>();
  readonly #releases: Releases;
  #opening = 0;
  #transport: types.Transport | undefined;

  constructor(call: Call, clock: Clock = systemClock, encryption?: Encryption) {
    this.#call = call;
    this.#encryption = encryption;
    encryption?.events.on('reported', (consumerId, opened) => {
      const entry = [...this.#consumers.values()].find((one) => one.consumerId === consumerId);
      if (entry !== undefined) this.#noteSecrecy(entry.producerId, opened ? 'opened' : 'locked');
    });
    this.#releases = new Releases(clock, (consumerIds) => this.#giveBack(consumerIds));
    this.#flows = new Flows(clock, this.#tasks);
    this.#lingering = new Lingering((entry) => this.#gaveUp(entry), clock);
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

  /** Whether it is encrypted end to end, as far as is known. */
  secrecyOf(producerId: ProducerId): 'opened' | 'locked' | undefined {
    return this.#secrecy.get(producerId);
  }

  /** What is to be shown of a producer. */
  trackOf(producerId: ProducerId): MediaStreamTrack | undefined {
    return this.#shownOf(producerId)?.consumer.track;
  }

  /** Consumers of the transport before are gone; their last pictures stay until new ones come. */
  use(transport: types.Transport, onBroken: (error: unknown) => void, dataChannels: boolean): void {
    this.#lingering.clear();
    this.#consumers.clear();
    this.data.forgetAll();
    this.#gone.clear();
    this.#before.clear();
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
    this.#lingering.expect([...this.#consumers.values()].map(({ producerId }) => producerId));
  }

  /** The same for one track. */
  keep(producerId: ProducerId): void {
    this.#lingering.expect([producerId]);
  }

  /** A track goes on under another id. */
  replaced(before: ProducerId, by: ProducerId): void {
    this.#before.set(by, before);
  }

  /** Whether something comes on the transport that there is, of all that should; also if nothing should. */
  async flows(): Promise<boolean> {
    if (this.#opening > 0) return false;
    const entries = [...this.#consumers.values()].filter(({ transport }) => transport === this.#transport);
    if (this.#transport === undefined || entries.length === 0) return !this.#lingering.waiting;
    const begun = await begunOn(this.#transport);
    return entries.some(({ consumer }) => begun(consumer));
  }

  /** Resolves when everything that replaces something flows, or has had its time. */
  async settled(): Promise<void> {
    while (this.#replacing.size > 0) await Promise.allSettled(this.#replacing);
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
    if (this.#lingering.take(entry.producerId, entry)) return;
    // What is on a transport that is left ends with it: an SDP exchange would only hold up what goes on.
    if (entry.transport === this.#transport) entry.consumer.close();
    this.#showRest(entry.producerId);
  }

  async openData(info: DataConsumerInfo): Promise<void> {
    if (this.#transport !== undefined) await this.data.open(this.#transport, info);
  }

  close(): void {
    this.#secrecy.clear();
    this.#lingering.clear();
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
    const replacing = new Map(live.map((entry) => [entry, this.#replaces(entry)]));
    this.#show(live.filter((entry) => replacing.get(entry) === undefined));
    for (const [entry, before] of replacing) {
      if (before === undefined) continue;
      const flowing = this.#flows
        .until(transport, entry.consumer, replaceWithinMs[before])
        .finally(() => this.#replacing.delete(flowing));
      this.#replacing.add(flowing);
      this.#tasks.spawn(
        'replace',
        flowing.then(() => this.#show([entry])),
      );
    }
    const resumed = this.#call('resumeConsumers', { consumerIds: live.map(({ consumerId }) => consumerId) });
    this.events.emit('begun');
    await resumed;
  }

  async #consume(transport: ReceivingTransport, info: ConsumerInfo): Promise<Entry> {
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

  #show(entries: readonly Entry[]): void {
    const live = entries.filter(({ consumerId }) => this.#consumers.has(consumerId));
    for (const entry of live) entry.shown = true;
    if (live.length === 0) return;
    this.events.emit(
      'received',
      live.map(({ producerId, consumer }) => ({ producerId, track: consumer.track })),
    );
    for (const { producerId } of live) {
      const before = this.#before.get(producerId);
      this.#before.delete(producerId);
      for (const id of [producerId, before]) if (id !== undefined) this.#lingering.release(id)?.consumer.close();
      if (before !== undefined) this.#release(before);
    }
  }

  /** What goes on under another id is shown there: the server and its sender need not bring it here any longer. */
  #release(before: ProducerId): void {
    for (const { consumerId, producerId } of this.#consumers.values())
      if (producerId === before) this.#releases.add(consumerId);
  }

  #giveBack(released: readonly ConsumerId[]): void {
    const consumerIds = released.filter((id) => this.#consumers.has(id));
    if (consumerIds.length === 0) return;
    const releasing = this.#call('releaseConsumers', { consumerIds });
    this.#tasks.spawn(
      'release',
      releasing.then(() => consumerIds.forEach((id) => this.closeConsumer(id))),
    );
  }

  /** How that is which is shown in its place, if anything is. */
  #replaces({ producerId, consumer, paused }: Entry): keyof typeof replaceWithinMs | undefined {
    if (paused) return undefined;
    const ids = [producerId, this.#before.get(producerId)].filter((id) => id !== undefined);
    if (ids.some((id) => this.#shownOf(id) !== undefined)) return 'flowing';
    // A last picture is worth keeping; of sound nothing is left.
    return consumer.kind === 'video' && ids.some((id) => this.#lingering.has(id)) ? 'lost' : undefined;
  }

  #shownOf(producerId: ProducerId): Entry | undefined {
    return [...this.#consumers.values()].findLast((entry) => entry.producerId === producerId && entry.shown);
  }

  #showRest(producerId: ProducerId): void {
    const track = this.trackOf(producerId);
    if (track !== undefined) this.events.emit('received', [{ producerId, track }]);
    // One that is about to flow shows itself.
    else if (this.newestOf(producerId) === undefined) this.events.emit('ceased', producerId);
  }

  #gaveUp(entry: Entry): void {
    entry.consumer.close();
    this.#showRest(entry.producerId);
    for (const [by, before] of this.#before) if (before === entry.producerId) this.#showRest(by);
  }
}
