import { AppError, Converger, Emitter, type Logger } from '@potluck/kernel';
import type {
  ConsumerId,
  ConsumerInfo,
  ConsumerLayers,
  ProducerId,
  RtpCapabilities,
  TransportId,
} from '@potluck/protocol';
import type { ConsumerScore, RoomMedia } from '../media/fabric.ts';
import { reconcile, wantedMedia, type Listener, type Want } from './audience.ts';
import type { Demand } from './demand.ts';
import { HeldConsumers, newHeld, offerOf, type Held } from './held.ts';
import { Steering, type SteeringDeps } from './steering.ts';
import { Unanswered, type UnansweredDeps } from './unanswered.ts';

/** Carries out what `audience.ts` decides for tracks. Decides nothing, tells facts. */

export type DeliveryEvents = {
  /** Pictures are made paused and flow after `accept`; sound flows at once. */
  consumersOpened: [consumers: ConsumerInfo[], transportId: TransportId];
  consumerClosed: [id: ConsumerId];
  /** The producer behind it was paused or resumed. */
  consumerPaused: [id: ConsumerId];
  consumerResumed: [id: ConsumerId];
  consumerScored: [id: ConsumerId, score: ConsumerScore];
  consumerLayersChanged: [id: ConsumerId, layers: ConsumerLayers | undefined];
};

export type DeliveryDeps = Omit<SteeringDeps, 'media'> & {
  readonly media: RoomMedia;
  /** Where consumers register, so that facts of the engine find their owner. */
  readonly owners: Map<ConsumerId, Delivery>;
  readonly log: Logger;
  /** Offers are notices, which may stay without an answer; absent for v3 clients, whose offers are requests. */
  readonly notices?: UnansweredDeps | undefined;
};

/** Where and how a peer receives; `undefined` while it cannot. */
export type ReceivingEnd = {
  readonly transportId: TransportId;
  readonly rtpCapabilities: RtpCapabilities;
  readonly listener: Listener;
};

/** More than a screen shows: our own clients get their first consumers in one piece. v3 clients take two hundred when a hundred join at once. */
const openedTogether = 32;

/** The consumers of one peer: opened, offered, steered and closed until they are what `audience.ts` wants. */
export class Delivery {
  readonly events: Emitter<DeliveryEvents>;
  readonly #deps: DeliveryDeps;
  readonly #end: () => ReceivingEnd | undefined;
  readonly #held = new HeldConsumers();
  readonly #steering: Steering;
  readonly #unanswered: Unanswered | undefined;
  /** Ended before the client had answered the offer: it must be told when it does. */
  readonly #endedInOffer = new Set<ConsumerId>();
  /** Never to be offered again: the client refused, or its capabilities do not fit. */
  readonly #hopeless = new Map<string, ProducerId>();
  readonly #converger: Converger;

  constructor(deps: DeliveryDeps, end: () => ReceivingEnd | undefined) {
    this.#deps = deps;
    this.#end = end;
    this.events = new Emitter((error) => deps.log.error('a listener failed', { error }));
    this.#steering = new Steering(deps, (held) => this.#held.get(held.id) === held);
    this.#unanswered = deps.notices && new Unanswered(deps.notices, (held) => this.#offerAgain(held));
    this.#converger = new Converger({
      pass: () => this.#pass(),
      // When a crowd joins, many things change in one turn of the event loop, for everyone.
      begin: setImmediate,
      report: (error) => deps.log.warn('delivery is retried', { error }),
    });
  }

  get size(): number {
    return this.#held.size;
  }

  /** Something that decides changed: publications, view, transports. */
  poke(): void {
    this.#converger.poke();
  }

  /** The client is ready to receive: consumers start to flow, and it hears what changed since the offer. */
  accept(id: ConsumerId): void {
    if (this.#endedInOffer.delete(id)) return this.events.emit('consumerClosed', id);
    const held = this.#held.get(id);
    if (held === undefined || held.state === 'accepted') return;
    held.state = 'accepted';
    this.#unanswered?.answered(held);
    this.#steering.begin(held);
    this.#tellPause(held);
    this.events.emit('consumerScored', id, held.score);
  }

  /** The client cannot or will not receive it. */
  refuse(id: ConsumerId): void {
    this.#endedInOffer.delete(id);
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#hopeless.set(held.key, held.producerId);
    this.#drop(held);
  }

  /** The client shows others in place of these: what goes on elsewhere ends here. Whose consumers have ended. */
  release(ids: readonly ConsumerId[]): Set<ProducerId> {
    const producerIds = new Set<ProducerId>();
    for (const id of ids) {
      const held = this.#held.get(id);
      if (held === undefined || this.#deps.publications.get(held.producerId)?.superseded !== true) continue;
      this.#drop(held);
      producerIds.add(held.producerId);
    }
    return producerIds;
  }

  async pause(id: ConsumerId): Promise<void> {
    await this.#steering.pause(this.#get(id));
  }

  async resume(id: ConsumerId): Promise<void> {
    await this.#steering.resume(this.#get(id));
  }

  async setPreferredLayers(id: ConsumerId, layers: ConsumerLayers): Promise<void> {
    await this.#steering.setPreferredLayers(this.#get(id), layers);
  }

  async setPriority(id: ConsumerId, priority: number): Promise<void> {
    await this.#steering.setPriority(this.#get(id), priority);
  }

  async requestKeyFrame(id: ConsumerId): Promise<void> {
    await this.#deps.media.requestKeyFrame(this.#get(id).id);
  }

  stats(id: ConsumerId): Promise<object[]> {
    return this.#deps.media.stats({ kind: 'consumer', id: this.#get(id).id });
  }

  /** What this peer gets of a producer, or is about to. */
  demandOf(producerId: ProducerId): Demand {
    return this.#held.demandOf(producerId);
  }

  /** A producer was paused or resumed. */
  pauseChanged(producerId: ProducerId): void {
    for (const held of this.#held.of(producerId)) this.#tellPause(held);
  }

  scored(id: ConsumerId, score: ConsumerScore): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    held.score = score;
    if (held.state === 'accepted') this.events.emit('consumerScored', id, score);
  }

  layersChanged(id: ConsumerId, layers: ConsumerLayers | undefined): void {
    if (this.#held.get(id)?.state === 'accepted') this.events.emit('consumerLayersChanged', id, layers);
  }

  /** What is on this transport is opened again on the next one, and flows on until this one closes. */
  setAside(transportId: TransportId): void {
    for (const held of [...this.#held.current.values()]) {
      if (held.transportId === transportId) this.#held.setAside(held);
    }
  }

  /** The transport is gone, and with it its consumers in the engine. */
  transportClosed(transportId: TransportId): void {
    for (const held of this.#held.all()) if (held.transportId === transportId) this.#tellEnd(held);
    this.poke();
  }

  /** The peer is gone; its transports, closed by the room, take the consumers with them. */
  close(): void {
    this.#converger.close();
    this.#unanswered?.close();
    for (const held of this.#held.all()) this.#deps.owners.delete(held.id);
    this.#held.clear();
  }

  async #pass(): Promise<void> {
    const end = this.#end();
    if (end === undefined) return;
    const missing = this.#settle(end);
    for (let from = 0; from < missing.length; from += openedTogether) {
      const wants = missing.slice(from, from + openedTogether);
      await this.#deps.media.inTurn(end.transportId, wants.length, async () => {
        // Gone or elsewhere by now: another pass has been asked for.
        if (this.#end()?.transportId === end.transportId) await this.#openTogether(end, wants);
      });
    }
  }

  /** Ends what is no longer wanted, and steers what is. What is left is to be opened. */
  #settle({ listener }: ReceivingEnd): Want[] {
    this.#forgetGone();
    const { current, aside } = this.#held;
    const { open, close, keep } = reconcile(wantedMedia(listener, this.#deps.publications.values(), current), current);
    for (const held of close) {
      if (this.#deps.publications.has(held.producerId)) this.#deps.media.closeConsumer(held.id);
      this.#tellEnd(held);
    }
    for (const held of [...aside]) if (!this.#deps.publications.has(held.producerId)) this.#tellEnd(held);
    for (const { want, held } of keep) {
      // What goes on elsewhere is shown here until it flows there, and the client names only the new one.
      if (this.#deps.publications.get(held.producerId)?.superseded !== true) this.#steering.adjust(held, want);
    }
    return open.filter(({ key }) => !this.#hopeless.has(key));
  }

  /** Whose producers have ended: nothing is to be known of them for the rest of the call. */
  #forgetGone(): void {
    const { publications } = this.#deps;
    for (const [key, producerId] of this.#hopeless) if (!publications.has(producerId)) this.#hopeless.delete(key);
    this.#unanswered?.forgetGone(publications);
  }

  async #openTogether(end: ReceivingEnd, wants: readonly Want[]): Promise<void> {
    const results = await Promise.allSettled(wants.map((want) => this.#open(end, want)));
    const opened = results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
    const offers = opened.filter(({ id }) => this.#canOffer(id));
    if (offers.length > 0) {
      this.events.emit('consumersOpened', offers, end.transportId);
      this.#unanswered?.offered(offers.flatMap(({ id }) => this.#held.get(id) ?? []));
    }
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  async #open(end: ReceivingEnd, want: Want): Promise<ConsumerInfo | undefined> {
    const { media, publications, owners } = this.#deps;
    const { transportId, rtpCapabilities } = end;
    const { producerId, key } = want;
    // A picture begins with a key frame, so it waits for the client. Of sound nothing that is sent too early is missed.
    const flows = publications.get(producerId)?.kind === 'audio';
    try {
      const consumed = await media.consume(transportId, {
        producerId,
        rtpCapabilities,
        paused: !flows,
        enableRtx: true,
        ignoreDtx: true,
        ...(want.layers !== undefined && { preferredLayers: want.layers }),
      });
      const publication = publications.get(producerId);
      // Meanwhile the producer or this peer may have gone: then the engine has already closed the consumer.
      if (publication === undefined || this.#end()?.transportId !== transportId) {
        media.closeConsumer(consumed.id);
        return undefined;
      }
      const held = newHeld(want, publication, consumed, { transportId, flows });
      this.#held.add(held);
      owners.set(consumed.id, this);
      this.#deps.touched?.(producerId);
      this.#steering.rank(held, want);
      return offerOf(publication, consumed);
    } catch (error) {
      const { code } = AppError.from(error);
      if (code === 'unsupported') this.#hopeless.set(key, producerId);
      // Gone meanwhile: the next pass, which its end has asked for, sees it.
      if (code === 'unsupported' || code === 'not_found') return undefined;
      throw error;
    }
  }

  /**
   * While the last of a batch was made, the first may have ended with its transport, or been left behind on it. The client
   * is told of the next transport by then: it would make them there, under the names of the consumers that follow.
   */
  #canOffer(id: ConsumerId): boolean {
    const held = this.#held.get(id);
    if (held !== undefined && !this.#held.aside.has(held)) return true;
    if (held !== undefined) this.#drop(held);
    this.#endedInOffer.delete(id);
    return false;
  }

  /** Under new ids: a client that had trouble with the old ones gets no second one of the same name. */
  #offerAgain(silent: readonly Held[]): void {
    const end = this.#end();
    const due = silent.filter((held) => this.#held.get(held.id) === held && held.transportId === end?.transportId);
    if (due.length === 0) return;
    this.#deps.log.warn('consumers were not answered, and are offered again', { count: due.length });
    for (const held of due) {
      this.#endedInOffer.add(held.id);
      this.#drop(held);
    }
    this.poke();
  }

  #tellPause(held: Held): void {
    const publication = this.#deps.publications.get(held.producerId);
    if (publication === undefined || held.state !== 'accepted' || publication.paused === held.toldPaused) return;
    held.toldPaused = publication.paused;
    this.events.emit(publication.paused ? 'consumerPaused' : 'consumerResumed', held.id);
  }

  #tellEnd(held: Held): void {
    this.#forget(held);
    if (held.state === 'accepted') this.events.emit('consumerClosed', held.id);
    else this.#endedInOffer.add(held.id);
  }

  #drop(held: Held): void {
    this.#forget(held);
    this.#deps.media.closeConsumer(held.id);
  }

  #forget(held: Held): void {
    this.#held.forget(held);
    this.#deps.owners.delete(held.id);
    this.#deps.touched?.(held.producerId);
  }

  #get(id: ConsumerId): Held {
    const held = this.#held.get(id);
    if (held === undefined) throw new AppError('not_found', `consumer ${id} not found`);
    return held;
  }
}
