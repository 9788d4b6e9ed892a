import type { ConsumerId, ConsumerInfo, ConsumerLayers, ProducerId, TransportId } from '@potluck/protocol';
import type { Consumed, ConsumerScore } from '../media/fabric.ts';
import type { Want } from './audience.ts';
import { wantsAll, wantsNothing, type Demand } from './demand.ts';
import type { Publication } from './publication.ts';

/** One consumer that a peer has. */
export type Held = {
  readonly key: string;
  readonly id: ConsumerId;
  readonly producerId: ProducerId;
  readonly transportId: TransportId;
  /** `offered`: the client does not know it yet, or has not answered. */
  state: 'offered' | 'accepted';
  /** The pause state of the producer that the client was told last. */
  toldPaused: boolean;
  pausedByClient: boolean;
  pausedByView: boolean;
  /** What the engine was asked last. */
  flows: boolean;
  clientLayers: ConsumerLayers | undefined;
  viewLayers: ConsumerLayers | undefined;
  clientPriority: boolean;
  viewPriority: number | undefined;
  score: ConsumerScore;
};

/** As it is made: the client does not know of it yet. */
export const newHeld = (
  { key, paused, layers }: Want,
  { id: producerId, paused: toldPaused }: Publication,
  { id, score }: Consumed,
  { transportId, flows }: Pick<Held, 'transportId' | 'flows'>,
): Held => ({
  // Each by its name: what begins as a copy of another object has no room for more, and V8 makes it a second one.
  transportId,
  flows,
  key,
  id,
  producerId,
  state: 'offered',
  toldPaused,
  pausedByClient: false,
  pausedByView: paused,
  clientLayers: undefined,
  viewLayers: layers,
  clientPriority: false,
  viewPriority: undefined,
  score,
});

/** What the client is told of it. */
export const offerOf = (
  { id: producerId, peerId, appData, paused: producerPaused }: Publication,
  { id, kind, rtpParameters, type }: Consumed,
): ConsumerInfo => ({ peerId, producerId, id, kind, rtpParameters, type, appData, producerPaused });

/** What of the producer goes there, or would as soon as the client is ready. */
function demandOn({ pausedByClient, pausedByView, clientLayers, viewLayers }: Held): Demand {
  if (pausedByClient || pausedByView) return wantsNothing;
  return (clientLayers ?? viewLayers)?.spatialLayer ?? wantsAll;
}

/** The consumers of one peer, by what they are looked up by. */
export class HeldConsumers {
  readonly #current = new Map<string, Held>();
  readonly #aside = new Set<Held>();
  readonly #byId = new Map<ConsumerId, Held>();
  /** Whether there have been any: else nobody looks for them. */
  #copies = false;

  /** By key: those that count. */
  get current(): ReadonlyMap<string, Held> {
    return this.#current;
  }

  /** On a transport that is being left: opened anew on another one, and kept until that flows. */
  get aside(): ReadonlySet<Held> {
    return this.#aside;
  }

  get size(): number {
    return this.#current.size + this.#aside.size;
  }

  get(id: ConsumerId): Held | undefined {
    return this.#byId.get(id);
  }

  /** All, also those set aside. */
  all(): Held[] {
    return [...this.#current.values(), ...this.#aside];
  }

  add(held: Held): void {
    this.#current.set(held.key, held);
    this.#byId.set(held.id, held);
    if (held.key !== held.producerId) this.#copies = true;
  }

  setAside(held: Held): void {
    if (this.#current.get(held.key) === held) this.#current.delete(held.key);
    this.#aside.add(held);
  }

  forget(held: Held): void {
    if (this.#current.get(held.key) === held) this.#current.delete(held.key);
    this.#aside.delete(held);
    this.#byId.delete(held.id);
  }

  /** Of a producer, those that count: one, or as many copies as are made for load tests. */
  of(producerId: ProducerId): Held[] {
    const first = this.#current.get(producerId);
    const found = first === undefined ? [] : [first];
    if (!this.#copies) return found;
    for (let copy = 1; ; copy++) {
      const held = this.#current.get(`${producerId}#${copy}`);
      if (held === undefined) return found;
      found.push(held);
    }
  }

  /** What this peer gets of a producer, or is about to. */
  demandOf(producerId: ProducerId): Demand {
    let most = wantsNothing;
    for (const held of this.of(producerId)) most = Math.max(most, demandOn(held));
    for (const held of this.#aside) if (held.producerId === producerId) most = Math.max(most, demandOn(held));
    return most;
  }

  clear(): void {
    this.#current.clear();
    this.#aside.clear();
    this.#byId.clear();
  }
}
