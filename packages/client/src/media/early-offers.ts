import type { ConsumerId, ConsumerInfo, TransportId } from '@potluck/protocol';

/**
 * Consumers for a transport that is not in use yet. A notice can overtake the answer that names its transport: the two
 * may come in one piece, and whoever waits for the answer goes on a moment later.
 */
export class EarlyOffers {
  readonly #left = new Set<string>();
  #transportId: TransportId | undefined;
  #infos: ConsumerInfo[] = [];

  /** What is for a transport of before comes too late, and is dropped. */
  keep(transportId: TransportId, infos: readonly ConsumerInfo[]): void {
    if (this.#left.has(transportId)) return;
    if (this.#transportId !== transportId) this.#infos = [];
    this.#transportId = transportId;
    this.#infos.push(...infos);
  }

  /** It ended before it could be made. */
  drop(consumerId: ConsumerId): void {
    this.#infos = this.#infos.filter(({ id }) => id !== consumerId);
  }

  /** From now on this transport is used, after that one. What has come for it. */
  begin(transportId: string, before: string | undefined): ConsumerInfo[] {
    if (before !== undefined) this.#left.add(before);
    if (this.#transportId !== transportId) return [];
    const infos = this.#infos;
    this.#transportId = undefined;
    this.#infos = [];
    return infos;
  }
}
