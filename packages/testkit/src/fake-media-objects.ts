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

export function dropWhere<Id, T>(map: Map<Id, T>, condition: (item: T) => boolean): void {
  for (const [id, item] of map) if (condition(item)) map.delete(id);
}
