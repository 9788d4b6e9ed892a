import type { ConsumerId, ConsumerLayers, ProducerId, TransportId } from '@potluck/protocol';
import type { ConsumerScore } from '../media/fabric.ts';
import { wantsAll, wantsNothing, type Demand } from './demand.ts';

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

/** What of the producer goes there, or would as soon as the client is ready. */
export function demandOn({ pausedByClient, pausedByView, clientLayers, viewLayers }: Held): Demand {
  if (pausedByClient || pausedByView) return wantsNothing;
  return (clientLayers ?? viewLayers)?.spatialLayer ?? wantsAll;
}
