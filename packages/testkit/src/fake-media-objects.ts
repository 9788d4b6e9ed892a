import { AppError } from '@potluck/kernel';
import type {
  ConsumerId,
  DataConsumerId,
  DataProducerId,
  DtlsParameters,
  IceParameters,
  ProducerId,
  RtpCapabilities,
  RtpParameters,
  TransportId,
  WebRtcTransportInfo,
} from '@potluck/protocol';
import type {
  ConsumeDataOptions,
  ConsumeOptions,
  PlainRemote,
  PlainTransportOptions,
  ProduceDataOptions,
  Produced,
  ProduceOptions,
  WebRtcTransportOptions,
} from '../../server/src/media/fabric.ts';

export type FakeTransport = {
  readonly id: TransportId;
  readonly options: ({ kind: 'webrtc' } & WebRtcTransportOptions) | ({ kind: 'plain' } & PlainTransportOptions);
  connected: DtlsParameters | PlainRemote | undefined;
  iceRestarts: number;
};
export type FakeProducer = ProduceOptions & {
  readonly id: ProducerId;
  readonly transportId: TransportId;
  type: Produced['type'];
};
export type FakeConsumer = ConsumeOptions & {
  readonly id: ConsumerId;
  readonly transportId: TransportId;
  priority: number;
  keyFrameRequests: number;
};
export type FakeDataProducer = ProduceDataOptions & {
  readonly id: DataProducerId;
  /** `undefined` for one of the server itself. */
  readonly transportId: TransportId | undefined;
  listened: boolean;
  /** What `sendData` was given. */
  readonly sent: (string | Uint8Array)[];
};
export type FakeDataConsumer = ConsumeDataOptions & { readonly id: DataConsumerId; readonly transportId: TransportId };

let lastNumber = 0;
export const nextNumber = (): number => ++lastNumber;
export const nextId = (kind: string): string => `${kind}-${nextNumber()}`;

export const iceParameters = (generation: number): IceParameters => ({
  usernameFragment: `fragment${generation}`,
  password: `password${generation}`,
  iceLite: true,
});

/** Like the engine's answer, with one candidate on loopback that leads nowhere. */
export const webRtcTransportInfo = (
  id: TransportId,
  { forceTcp, sctp }: WebRtcTransportOptions,
): WebRtcTransportInfo => ({
  id,
  iceParameters: iceParameters(0),
  iceCandidates: [
    {
      foundation: forceTcp ? 'tcpcandidate' : 'udpcandidate',
      priority: 1_076_302_079,
      ip: '127.0.0.1',
      address: '127.0.0.1',
      port: 44_444,
      type: 'host',
      ...(forceTcp ? { protocol: 'tcp', tcpType: 'passive' } : { protocol: 'udp' }),
    },
  ],
  dtlsParameters: {
    role: 'auto',
    fingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, () => '00').join(':') }],
  },
  ...(sctp && { sctpParameters: { port: 5000, OS: 65_535, MIS: 65_535, maxMessageSize: 262_144 } }),
});

/** The codec that carries the media, in lower case. */
export const mediaCodec = (parameters: RtpParameters): string | undefined =>
  parameters.codecs.map(({ mimeType }) => mimeType.toLowerCase()).find((mimeType) => !mimeType.endsWith('/rtx'));

export const ssrcsOf = ({ rtpParameters }: ProduceOptions): number[] =>
  (rtpParameters.encodings ?? []).flatMap(({ ssrc }) => (ssrc === undefined ? [] : [ssrc]));

export const hasCodec = (capabilities: RtpCapabilities, mimeType: string): boolean =>
  capabilities.codecs?.some((codec) => codec.mimeType.toLowerCase() === mimeType) ?? false;

export function find<Id, T>(map: ReadonlyMap<Id, T>, id: Id, what: string): T {
  const found = map.get(id);
  if (found === undefined) throw new AppError('not_found', `${what} "${String(id)}" not found`);
  return found;
}

/** What there is, by id. */
export type FakeObjects = {
  readonly transports: Map<TransportId, FakeTransport>;
  readonly producers: Map<ProducerId, FakeProducer>;
  readonly consumers: Map<ConsumerId, FakeConsumer>;
  readonly dataProducers: Map<DataProducerId, FakeDataProducer>;
  readonly dataConsumers: Map<DataConsumerId, FakeDataConsumer>;
};

/** With all that stands on it. Whether it was there. */
export function dropTransport(objects: FakeObjects, id: TransportId): boolean {
  const onIt = ({ transportId }: { readonly transportId: TransportId | undefined }) => transportId === id;
  for (const producer of [...objects.producers.values()].filter(onIt)) dropProducer(objects, producer.id);
  for (const producer of [...objects.dataProducers.values()].filter(onIt)) dropDataProducer(objects, producer.id);
  dropWhere(objects.consumers, onIt);
  dropWhere(objects.dataConsumers, onIt);
  return objects.transports.delete(id);
}

export function dropProducer({ producers, consumers }: FakeObjects, id: ProducerId): void {
  dropWhere(consumers, ({ producerId }) => producerId === id);
  producers.delete(id);
}

export function dropDataProducer({ dataProducers, dataConsumers }: FakeObjects, id: DataProducerId): void {
  dropWhere(dataConsumers, ({ dataProducerId }) => dataProducerId === id);
  dataProducers.delete(id);
}

function dropWhere<Id, T>(map: Map<Id, T>, condition: (item: T) => boolean): void {
  for (const [id, item] of map) if (condition(item)) map.delete(id);
}
