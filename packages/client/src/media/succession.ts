import type { Clock, Tasks } from '@potluck/kernel';
import type { ConsumerId, PeerId, ProducerId } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import { Flows } from './flow.ts';
import { Lingering } from './lingering.ts';
import { Releases } from './releases.ts';

export type ReceivingTransport = Pick<
  types.Transport,
  'id' | 'closed' | 'consume' | 'consumeData' | 'close' | 'getStats'
>;

/** A consumer of ours. */
export type Received = {
  readonly consumerId: ConsumerId;
  readonly producerId: ProducerId;
  readonly peerId: PeerId;
  readonly consumer: Pick<types.Consumer, 'track' | 'close' | 'kind' | 'rtpParameters' | 'closed'>;
  readonly transport: ReceivingTransport;
  /** Nothing is sent: there is nothing to wait for. */
  readonly paused: boolean;
  /** It carries something, or nothing else does in its place. */
  shown: boolean;
};

export type ShownTrack = { readonly producerId: ProducerId; readonly track: MediaStreamTrack };

export type SuccessionDeps = {
  /** All there are, newest last. */
  readonly consumers: ReadonlyMap<ConsumerId, Received>;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** May be shown now, together. */
  readonly onShown: (tracks: ShownTrack[]) => void;
  /** Nothing is shown of it any more. */
  readonly onCeased: (producerId: ProducerId) => void;
  /** Others are shown in their place: neither server nor sender need bring them here any longer. */
  readonly onReleased: (consumerIds: ConsumerId[]) => void;
};

/**
 * How long what replaces something may take to flow, in milliseconds: while that still flows, and when it was lost. After
 * that it is shown as it is.
 */
const replaceWithinMs = { flowing: 5000, lost: 1500 };

/** Which consumer of a track is shown: what replaces another is when it flows, and until then the other, or its last picture. */
export class Succession {
  readonly #deps: SuccessionDeps;
  readonly #flows: Flows;
  readonly #lingering: Lingering<Received>;
  readonly #releases: Releases;
  /** New ids of tracks that moved, to the ids that they had. */
  readonly #before = new Map<ProducerId, ProducerId>();
  readonly #replacing = new Set<Promise<unknown>>();

  constructor(deps: SuccessionDeps) {
    const { clock, tasks, consumers } = deps;
    this.#deps = deps;
    this.#flows = new Flows(clock, tasks);
    this.#lingering = new Lingering((entry) => this.#gaveUp(entry), clock);
    this.#releases = new Releases(clock, (ids) => deps.onReleased(ids.filter((id) => consumers.has(id))));
  }

  trackOf(producerId: ProducerId): MediaStreamTrack | undefined {
    return this.#shownOf(producerId)?.consumer.track;
  }

  /** Something has ended and was not replaced yet. */
  get waiting(): boolean {
    return this.#lingering.waiting;
  }

  /** These will end and be replaced: what they showed last stays for a while. */
  expect(producerIds: readonly ProducerId[]): void {
    this.#lingering.expect(producerIds);
  }

  /** A track goes on under another id. */
  replaced(before: ProducerId, by: ProducerId): void {
    this.#before.set(by, before);
  }

  /** They are here: shown at once, or when they flow. */
  add(entries: readonly Received[]): void {
    const replacing = new Map(entries.map((entry) => [entry, this.#replaces(entry)]));
    this.#show(entries.filter((entry) => replacing.get(entry) === undefined));
    for (const [entry, before] of replacing) {
      if (before === undefined) continue;
      const flowing = this.#flows
        .until(entry.transport, entry.consumer, replaceWithinMs[before])
        .finally(() => this.#replacing.delete(flowing));
      this.#replacing.add(flowing);
      this.#deps.tasks.spawn(
        'replace',
        flowing.then(() => this.#show([entry])),
      );
    }
  }

  /** The server ended it, and it is no longer among the consumers. Whether it is kept for its last picture. */
  ended(entry: Received): boolean {
    return this.#lingering.take(entry.producerId, entry);
  }

  /** Shows what there is of a producer after one of its consumers has gone. */
  showRest(producerId: ProducerId): void {
    const { consumers, onShown, onCeased } = this.#deps;
    const track = this.trackOf(producerId);
    if (track !== undefined) onShown([{ producerId, track }]);
    // One that is about to flow shows itself.
    else if (![...consumers.values()].some((entry) => entry.producerId === producerId)) onCeased(producerId);
  }

  /** Resolves when everything that replaces something flows, or has had its time. */
  async settled(): Promise<void> {
    while (this.#replacing.size > 0) await Promise.allSettled(this.#replacing);
  }

  /** All consumers are gone. */
  clear(): void {
    this.#lingering.clear();
    this.#before.clear();
  }

  #show(entries: readonly Received[]): void {
    const { consumers, onShown } = this.#deps;
    const live = entries.filter(({ consumerId }) => consumers.has(consumerId));
    for (const entry of live) entry.shown = true;
    if (live.length === 0) return;
    onShown(live.map(({ producerId, consumer }) => ({ producerId, track: consumer.track })));
    for (const { producerId } of live) {
      const before = this.#before.get(producerId);
      this.#before.delete(producerId);
      for (const id of [producerId, before]) if (id !== undefined) this.#lingering.release(id)?.consumer.close();
      if (before !== undefined) this.#release(before);
    }
  }

  /** What goes on under another id is shown there. */
  #release(before: ProducerId): void {
    for (const { consumerId, producerId } of this.#deps.consumers.values())
      if (producerId === before) this.#releases.add(consumerId);
  }

  /** How that is which is shown in its place, if anything is. */
  #replaces({ producerId, consumer, paused }: Received): keyof typeof replaceWithinMs | undefined {
    if (paused) return undefined;
    const ids = [producerId, this.#before.get(producerId)].filter((id) => id !== undefined);
    if (ids.some((id) => this.#shownOf(id) !== undefined)) return 'flowing';
    // A last picture is worth keeping; of sound nothing is left.
    return consumer.kind === 'video' && ids.some((id) => this.#lingering.has(id)) ? 'lost' : undefined;
  }

  #shownOf(producerId: ProducerId): Received | undefined {
    return [...this.#deps.consumers.values()].findLast((entry) => entry.producerId === producerId && entry.shown);
  }

  #gaveUp(entry: Received): void {
    entry.consumer.close();
    this.showRest(entry.producerId);
    for (const [by, before] of this.#before) if (before === entry.producerId) this.showRest(by);
  }
}
