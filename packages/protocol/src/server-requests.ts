import { z } from 'zod';
import { ConsumerId, DataConsumerId, DataProducerId, PeerId, ProducerId } from './ids.ts';
import { MediaKind, RtpParameters } from './rtp.ts';
import { SctpStreamParameters } from './transport.ts';

export const ConsumerType = z.enum(['simple', 'simulcast', 'svc']);

/** Everything a client needs to receive one track. */
export const ConsumerInfo = z.object({
  peerId: PeerId,
  producerId: ProducerId,
  id: ConsumerId,
  kind: MediaKind,
  rtpParameters: RtpParameters,
  type: ConsumerType,
  /** The producer's. Always an object: v3 clients read `share` of it. */
  appData: z.looseObject({}),
  producerPaused: z.boolean(),
});
export type ConsumerInfo = z.infer<typeof ConsumerInfo>;

export const DataConsumerInfo = z.object({
  /** `null` for the bot. */
  peerId: PeerId.nullable(),
  dataProducerId: DataProducerId,
  id: DataConsumerId,
  sctpStreamParameters: SctpStreamParameters,
  label: z.string(),
  protocol: z.string(),
  appData: z.looseObject({}),
});
export type DataConsumerInfo = z.infer<typeof DataConsumerInfo>;

/** Requests of the server: v3 clients are asked for each consumer, and it flows when they agree. */
export const serverRequests = {
  newConsumer: { summary: 'Receive this track; answer when ready.', input: ConsumerInfo },
  newDataConsumer: { summary: 'Receive this data channel; answer when ready.', input: DataConsumerInfo },
} as const;
export type ServerMethod = keyof typeof serverRequests;
export type ServerRequestData<M extends ServerMethod> = z.infer<(typeof serverRequests)[M]['input']>;
