import { z } from 'zod';
import { chosenId } from './text.ts';

/** Chosen by whoever opens the room. */
export const RoomId = chosenId('roomId').brand<'RoomId'>();
export type RoomId = z.infer<typeof RoomId>;

/** Chosen by the client (peer) or by the HTTP caller (broadcaster); unique in its room. */
export const PeerId = chosenId('peerId').brand<'PeerId'>();
export type PeerId = z.infer<typeof PeerId>;

// What the media engine makes: UUIDs, but old clients send any text where they are confused (a literal wrong consumer
// id, say), and must be told «not found».
const engineId = z.string().min(1).max(128);
export const TransportId = engineId.brand<'TransportId'>();
export type TransportId = z.infer<typeof TransportId>;
export const ProducerId = engineId.brand<'ProducerId'>();
export type ProducerId = z.infer<typeof ProducerId>;
export const ConsumerId = engineId.brand<'ConsumerId'>();
export type ConsumerId = z.infer<typeof ConsumerId>;
export const DataProducerId = engineId.brand<'DataProducerId'>();
export type DataProducerId = z.infer<typeof DataProducerId>;
export const DataConsumerId = engineId.brand<'DataConsumerId'>();
export type DataConsumerId = z.infer<typeof DataConsumerId>;
