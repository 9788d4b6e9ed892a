import { AppError, Converger, Emitter, type Logger, type Tasks } from '@potluck/kernel';
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
import { wantsNothing, type Demand } from './demand.ts';
import { demandOn, type Held } from './held.ts';
import type { Publication } from './publication.ts';

/** Opens and closes one peer's consumers until they are what `audience.ts` wants. Decides nothing, tells facts. */

export type DeliveryEvents = {
  /** Created paused; they flow after `accept`. */
  consumersOpened: [consumers: ConsumerInfo[], transportId: TransportId];
  consumerClosed: [id: ConsumerId];
  /** The producer behind it was paused or resumed. */
  consumerPaused: [id: ConsumerId];
  consumerResumed: [id: ConsumerId];
  consumerScored: [id: ConsumerId, score: ConsumerScore];
  consumerLayersChanged: [id: ConsumerId, layers: ConsumerLayers | undefined];
};

export type DeliveryDeps = {
  readonly media: RoomMedia;
  readonly publications: ReadonlyMap<ProducerId, Publication>;
  /** Where consumers register, so that facts of the engine find their owner. */
  readonly owners: Map<ConsumerId, Delivery>;
  readonly tasks: Tasks;
  readonly log: Logger;
  /** When a consumer may begin to flow; default at once. */
  readonly begin?: (publication: Publication, act: () => void) => void;
  /** More or less may be wanted of a producer than before. */
  readonly touched?: (producerId: ProducerId) => void;
};

/** Where and how a peer receives; `undefined` while it cannot. */
export type ReceivingEnd = {
  readonly transportId: TransportId;
  readonly rtpCapabilities: RtpCapabilities;
  readonly listener: Listener;
};

export class Delivery {
  readonly events: Emitter<DeliveryEvents>;
  readonly #deps: DeliveryDeps;
  readonly #end: () => ReceivingEnd | undefined;
  readonly #held = new Map<string, Held>();
  readonly #byId = new Map<ConsumerId, Held>();
  /** On a transport that is being left: opened anew on another one, and kept until that flows. */
  readonly #aside = new Set<Held>();
  /** Ended before the client had answered the offer: it must be told when it does. */
  readonly #endedInOffer = new Set<ConsumerId>();
  /** Never to be offered again: the client refused, or its capabilities do not fit. */
  readonly #hopeless = new Set<string>();
  readonly #converger: Converger;

  constructor(deps: DeliveryDeps, end: () => ReceivingEnd | undefined) {
    this.#deps = deps;
    this.#end = end;
    this.events = new Emitter((error) => deps.log.error('a listener failed', { error }));
    this.#converger = new Converger({
      pass: () => this.#pass(),
      report: (error) => deps.log.warn('delivery is retried', { error }),
    });
  }

  get size(): number {
    return this.#held.size + this.#aside.size;
  }

  /** Something that decides changed: publications, view, transports. */
  poke(): void {
    this.#converger.poke();
  }

  /** The client is ready to receive: consumers start to flow, and it hears what changed since the offer. */
  accept(id: ConsumerId): void {
    if (this.#endedInOffer.delete(id)) return this.events.emit('consumerClosed', id);
    const held = this.#byId.get(id);
    if (held === undefined || held.state === 'accepted') return;
    held.state = 'accepted';
    this.#begin(held);
    this.#tellPause(held);
    this.events.emit('consumerScored', id, held.score);
  }

  /** The client cannot or will not receive it. */
  refuse(id: ConsumerId): void {
    this.#endedInOffer.delete(id);
    const held = this.#byId.get(id);
    if (held === undefined) return;
    this.#hopeless.add(held.key);
    this.#drop(held);
  }

  async pause(id: ConsumerId): Promise<void> {
    const held = this.#get(id);
    held.pausedByClient = true;
    held.flows = false;
    this.#deps.touched?.(held.producerId);
    await this.#deps.media.pauseConsumer(id);
  }

  async resume(id: ConsumerId): Promise<void> {
    const held = this.#get(id);
    held.pausedByClient = false;
    this.#deps.touched?.(held.producerId);
    if (held.state !== 'accepted' || held.pausedByView) return;
    held.flows = true;
    await this.#deps.media.resumeConsumer(id);
  }

  async setPreferredLayers(id: ConsumerId, layers: ConsumerLayers): Promise<void> {
    const held = this.#get(id);
    held.clientLayers = layers;
    this.#deps.touched?.(held.producerId);
    await this.#deps.media.setPreferredLayers(id, layers);
  }

  async setPriority(id: ConsumerId, priority: number): Promise<void> {
    this.#get(id).clientPriority = true;
    await this.#deps.media.setPriority(id, priority);
  }

  async requestKeyFrame(id: ConsumerId): Promise<void> {
    await this.#deps.media.requestKeyFrame(this.#get(id).id);
  }

  stats(id: ConsumerId): Promise<object[]> {
    return this.#deps.media.stats({ kind: 'consumer', id: this.#get(id).id });
  }

  /** What this peer gets of a producer, or is about to. */
  demandOf(producerId: ProducerId): Demand {
    let most = wantsNothing;
    for (const held of this.#copies(producerId)) most = Math.max(most, demandOn(held));
    for (const held of this.#aside) if (held.producerId === producerId) most = Math.max(most, demandOn(held));
    return most;
  }

  /** A producer was paused or resumed. */
  pauseChanged(producerId: ProducerId): void {
    for (const held of this.#copies(producerId)) this.#tellPause(held);
  }

  scored(id: ConsumerId, score: ConsumerScore): void {
    const held = this.#byId.get(id);
    if (held === undefined) return;
    held.score = score;
    if (held.state === 'accepted') this.events.emit('consumerScored', id, score);
  }

  layersChanged(id: ConsumerId, layers: ConsumerLayers | undefined): void {
    if (this.#byId.get(id)?.state === 'accepted') this.events.emit('consumerLayersChanged', id, layers);
  }

  /** What is on this transport is opened again on the next one, and flows on until this one closes. */
  setAside(transportId: TransportId): void {
    for (const held of this.#held.values()) {
      if (held.transportId !== transportId) continue;
      this.#held.delete(held.key);
      this.#aside.add(held);
    }
  }

  /** The transport is gone, and with it its consumers in the engine. */
  transportClosed(transportId: TransportId): void {
    for (const held of [...this.#held.values(), ...this.#aside])
      if (held.transportId === transportId) this.#tellEnd(held);
    this.poke();
  }

  /** The peer is gone; its transports, closed by the room, take the consumers with them. */
  close(): void {
    this.#converger.close();
    for (const held of [...this.#held.values(), ...this.#aside]) this.#deps.owners.delete(held.id);
    this.#held.clear();
    this.#aside.clear();
    this.#byId.clear();
  }

  async #pass(): Promise<void> {
    const end = this.#end();
    if (end === undefined) return;
    const desired = wantedMedia(end.listener, this.#deps.publications.values(), this.#held);
    const { open, close, keep } = reconcile(desired, this.#held);
    for (const held of close) {
      if (this.#deps.publications.has(held.producerId)) this.#deps.media.closeConsumer(held.id);
      this.#tellEnd(held);
    }
    for (const held of [...this.#aside]) if (!this.#deps.publications.has(held.producerId)) this.#tellEnd(held);
    for (const { want, held } of keep) this.#adjust(held, want);
    const results = await Promise.allSettled(
      open.filter(({ key }) => !this.#hopeless.has(key)).map((want) => this.#open(end, want)),
    );
    const opened = results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
    const offers = opened.filter(({ id }) => this.#canOffer(id));
    if (offers.length > 0) this.events.emit('consumersOpened', offers, end.transportId);
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
      const held: Held = {
        key,
        id: consumed.id,
        producerId,
        transportId,
        state: 'offered',
        toldPaused: publication.paused,
        pausedByClient: false,
        pausedByView: want.paused,
        flows,
        clientLayers: undefined,
        viewLayers: want.layers,
        clientPriority: false,
        viewPriority: undefined,
        score: consumed.score,
      };
      this.#held.set(key, held);
      this.#byId.set(consumed.id, held);
      owners.set(consumed.id, this);
      this.#deps.touched?.(producerId);
      this.#rank(held, want);
      return {
        peerId: publication.peerId,
        producerId,
        id: consumed.id,
        kind: consumed.kind,
        rtpParameters: consumed.rtpParameters,
        type: consumed.type,
        appData: publication.appData,
        producerPaused: publication.paused,
      };
    } catch (error) {
      const { code } = AppError.from(error);
      if (code === 'unsupported') this.#hopeless.add(key);
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
    const held = this.#byId.get(id);
    if (held !== undefined && !this.#aside.has(held)) return true;
    if (held !== undefined) this.#drop(held);
    this.#endedInOffer.delete(id);
    return false;
  }

  #adjust(held: Held, want: Want): void {
    const { media } = this.#deps;
    if (want.paused !== held.pausedByView) {
      held.pausedByView = want.paused;
      this.#deps.touched?.(held.producerId);
      if (held.flows && want.paused) {
        held.flows = false;
        this.#carryOut('pause consumer', media.pauseConsumer(held.id));
      }
      if (!want.paused) this.#flow(held);
    }
    this.#rank(held, want);
    const { layers } = want;
    if (held.clientLayers !== undefined || layers === undefined) return;
    if (layers.spatialLayer === held.viewLayers?.spatialLayer) return;
    held.viewLayers = layers;
    this.#deps.touched?.(held.producerId);
    this.#carryOut('set layers', media.setPreferredLayers(held.id, layers));
  }

  #rank(held: Held, { priority }: Want): void {
    if (held.clientPriority || priority === undefined || priority === held.viewPriority) return;
    held.viewPriority = priority;
    this.#carryOut('set priority', this.#deps.media.setPriority(held.id, priority));
  }

  #begin(held: Held): void {
    const { publications, begin } = this.#deps;
    const publication = publications.get(held.producerId);
    if (publication === undefined || begin === undefined) this.#flow(held);
    else begin(publication, () => this.#flow(held));
  }

  /** Unless something holds it back. */
  #flow(held: Held): void {
    const stopped = held.state === 'offered' || held.pausedByClient || held.pausedByView;
    if (held.flows || stopped || this.#byId.get(held.id) !== held) return;
    held.flows = true;
    this.#carryOut('resume consumer', this.#deps.media.resumeConsumer(held.id));
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
    if (this.#held.get(held.key) === held) this.#held.delete(held.key);
    this.#aside.delete(held);
    this.#byId.delete(held.id);
    this.#deps.owners.delete(held.id);
    this.#deps.touched?.(held.producerId);
  }

  *#copies(producerId: ProducerId): Generator<Held> {
    for (let copy = 0; ; copy++) {
      const held = this.#held.get(copy === 0 ? producerId : `${producerId}#${copy}`);
      if (held === undefined) return;
      yield held;
    }
  }

  #get(id: ConsumerId): Held {
    const held = this.#byId.get(id);
    if (held === undefined) throw new AppError('not_found', `consumer ${id} not found`);
    return held;
  }

  /** The consumer may end while the engine is asked: that is no failure. */
  #carryOut(name: string, work: Promise<void>): void {
    const settled = work.catch((error: unknown) => {
      if (AppError.from(error).code !== 'not_found') throw error;
    });
    this.#deps.tasks.spawn(name, settled);
  }
}
