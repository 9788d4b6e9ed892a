import type { PeerId } from '@potluck/protocol';
import { Reception } from './reception.ts';
import type { Room } from './room.ts';

export type ReceptionWishes = {
  readonly chatByNotice: boolean;
  /** Extra consumers per producer, for load tests. */
  readonly replicas: number;
  /** Whether the client can be reached now. */
  readonly present: () => boolean;
};

/** What somebody who comes into a room receives of it. */
export function openReception(
  room: Room,
  peerId: PeerId,
  { chatByNotice, replicas, present }: ReceptionWishes,
): Reception {
  return new Reception(
    {
      media: room.media,
      publications: room.publications,
      dataPublications: room.dataPublications,
      owners: room.consumerOwners,
      tasks: room.tasks,
      touched: (producerId) => room.demand.touch(producerId),
      begin: (publication, act) => room.starts.add(publication, () => room.receiversOf(publication), act),
      // Clients of our own are offered consumers by notice; v3 clients are asked.
      notices: chatByNotice ? { clock: room.clock, present } : undefined,
      log: room.log.child('delivery', { peerId }),
    },
    // v3 clients know nothing of a floor: they get everything.
    { peerId, replicas, chatByNotice, ...(chatByNotice && { floor: room.floor }) },
  );
}
