import { unlessGone, type Tasks } from '@potluck/kernel';
import type { ConsumerLayers, ProducerId } from '@potluck/protocol';
import type { RoomMedia } from '../media/fabric.ts';
import type { Want } from './audience.ts';
import type { Held } from './held.ts';
import type { Publication } from './publication.ts';

export type SteeringDeps = {
  readonly media: Pick<RoomMedia, 'pauseConsumer' | 'resumeConsumer' | 'setPreferredLayers' | 'setPriority'>;
  readonly publications: ReadonlyMap<ProducerId, Publication>;
  readonly tasks: Tasks;
  /** When a consumer may begin to flow; default at once. */
  readonly begin?: (publication: Publication, act: () => void) => void;
  /** More or less may be wanted of a producer than before. */
  readonly touched?: (producerId: ProducerId) => void;
};

/** Has consumers flow, rest and choose layers, as client and view ask for it. What the client says comes first. */
export class Steering {
  readonly #deps: SteeringDeps;
  readonly #isThere: (held: Held) => boolean;

  constructor(deps: SteeringDeps, isThere: (held: Held) => boolean) {
    this.#deps = deps;
    this.#isThere = isThere;
  }

  /** The client is ready: it flows as soon as it may. */
  begin(held: Held): void {
    const { publications, begin } = this.#deps;
    const publication = publications.get(held.producerId);
    if (publication === undefined || begin === undefined) this.#flow(held);
    else begin(publication, () => this.#flow(held));
  }

  async pause(held: Held): Promise<void> {
    held.pausedByClient = true;
    held.flows = false;
    this.#deps.touched?.(held.producerId);
    await this.#deps.media.pauseConsumer(held.id);
  }

  async resume(held: Held): Promise<void> {
    held.pausedByClient = false;
    this.#deps.touched?.(held.producerId);
    if (held.state !== 'accepted' || held.pausedByView) return;
    held.flows = true;
    await this.#deps.media.resumeConsumer(held.id);
  }

  async setPreferredLayers(held: Held, layers: ConsumerLayers): Promise<void> {
    held.clientLayers = layers;
    this.#deps.touched?.(held.producerId);
    await this.#deps.media.setPreferredLayers(held.id, layers);
  }

  async setPriority(held: Held, priority: number): Promise<void> {
    held.clientPriority = true;
    await this.#deps.media.setPriority(held.id, priority);
  }

  /** What the view asks for has changed, perhaps. */
  adjust(held: Held, want: Want): void {
    const { media, touched } = this.#deps;
    if (want.paused !== held.pausedByView) {
      held.pausedByView = want.paused;
      touched?.(held.producerId);
      if (held.flows && want.paused) {
        held.flows = false;
        this.#carryOut('pause consumer', media.pauseConsumer(held.id));
      }
      if (!want.paused) this.#flow(held);
    }
    this.rank(held, want);
    const { layers } = want;
    if (held.clientLayers !== undefined || layers === undefined) return;
    if (layers.spatialLayer === held.viewLayers?.spatialLayer) return;
    held.viewLayers = layers;
    touched?.(held.producerId);
    this.#carryOut('set layers', media.setPreferredLayers(held.id, layers));
  }

  rank(held: Held, { priority }: Want): void {
    if (held.clientPriority || priority === undefined || priority === held.viewPriority) return;
    held.viewPriority = priority;
    this.#carryOut('set priority', this.#deps.media.setPriority(held.id, priority));
  }

  /** Unless something holds it back. */
  #flow(held: Held): void {
    const stopped = held.state === 'offered' || held.pausedByClient || held.pausedByView;
    if (held.flows || stopped || !this.#isThere(held)) return;
    held.flows = true;
    this.#carryOut('resume consumer', this.#deps.media.resumeConsumer(held.id));
  }

  /** The consumer may end while the engine is asked: that is no failure. */
  #carryOut(name: string, work: Promise<void>): void {
    this.#deps.tasks.spawn(name, unlessGone(work));
  }
}
