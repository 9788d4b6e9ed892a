import { assertNever } from '@potluck/kernel';
import type { MediaObject } from '../fabric.ts';
import { find, type Holdings } from './holdings.ts';

/** What the engine counts of one object that a room holds. A data producer of the server itself has nothing to count. */
export async function statsOf(held: Holdings, of: MediaObject): Promise<object[]> {
  switch (of.kind) {
    case 'transport':
      return find(held.transports, of.id, 'transport').transport.getStats();
    case 'producer':
      return find(held.producers, of.id, 'producer').producer.getStats();
    case 'consumer':
      return find(held.consumers, of.id, 'consumer').consumer.getStats();
    case 'dataProducer':
      return (await find(held.dataProducers, of.id, 'data producer').producer?.getStats()) ?? [];
    case 'dataConsumer':
      return find(held.dataConsumers, of.id, 'data consumer').consumer.getStats();
    default:
      return assertNever(of);
  }
}
