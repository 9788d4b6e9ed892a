import type { Clock } from '@potluck/kernel';
import type { ProducerId } from '@potluck/protocol';
import type { Call } from '../signal/api.ts';
import type { Publication } from './publication.ts';
import { browserMeter, watchVoice, type OpenMeter } from './voice-watch.ts';

export type FloorClaimsDeps = {
  call: Call;
  publications: () => Iterable<Pick<Publication, 'producerId' | 'track'>>;
  clock: Clock;
  openMeter?: OpenMeter;
};

/**
 * In a room with more microphones than are forwarded, the server tells whose is not. Those are listened to here: when
 * their owner begins to speak, the server hears of it before it could have measured it, so that no first word is lost.
 */
export class FloorClaims {
  readonly #deps: FloorClaimsDeps;
  readonly #unheard = new Map<ProducerId, { close(): void }>();

  constructor(deps: FloorClaimsDeps) {
    this.#deps = deps;
  }

  /** Whether an own microphone is forwarded. May come before we know its id. */
  heard(producerId: ProducerId, heard: boolean): void {
    this.#forget(producerId);
    // What is no longer published, or goes on under another id.
    for (const id of [...this.#unheard.keys()]) if (this.#track(id) === undefined) this.#forget(id);
    if (heard) return;
    const { call, clock, openMeter = browserMeter } = this.#deps;
    const track = () => this.#track(producerId);
    const watch = watchVoice({ track, openMeter, clock }, () => {
      // It may have ended meanwhile, or claims too often: neither needs a word.
      if (track() !== undefined) call('claimFloor', { producerId }).catch(() => undefined);
    });
    this.#unheard.set(producerId, watch);
  }

  /** The server begins anew, or all is over. */
  clear(): void {
    for (const id of [...this.#unheard.keys()]) this.#forget(id);
  }

  #forget(producerId: ProducerId): void {
    this.#unheard.get(producerId)?.close();
    this.#unheard.delete(producerId);
  }

  #track(producerId: ProducerId): MediaStreamTrack | undefined {
    for (const publication of this.#deps.publications())
      if (publication.producerId === producerId) return publication.track;
    return undefined;
  }
}
