import { z } from 'zod';
import { TransportId } from './ids.ts';

/** RFC 8122 §5: the hash of the certificate that DTLS must present. */
const Fingerprint = z.object({
  algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
  value: z.string().max(200),
});
export const DtlsParameters = z.object({
  role: z.enum(['auto', 'client', 'server']).exactOptional(),
  fingerprints: z.array(Fingerprint).min(1).max(16),
});
export type DtlsParameters = z.infer<typeof DtlsParameters>;

export const IceParameters = z.object({
  usernameFragment: z.string(),
  password: z.string(),
  iceLite: z.boolean().exactOptional(),
});
export type IceParameters = z.infer<typeof IceParameters>;

/** Old and native clients read `ip`, newer ones `address`: both are always there. */
export const IceCandidate = z.object({
  foundation: z.string(),
  priority: z.number(),
  ip: z.string(),
  address: z.string(),
  protocol: z.enum(['udp', 'tcp']),
  port: z.int(),
  type: z.literal('host'),
  tcpType: z.literal('passive').exactOptional(),
});
export type IceCandidate = z.infer<typeof IceCandidate>;

/**
 * Whether and how a client wants data channels. Its members are negotiated by SCTP itself; here only presence counts.
 * Android sends `""` for no and the JSON text of the object for yes.
 */
export const SctpCapabilities = z
  .union([z.string().max(1000), z.boolean(), z.looseObject({})])
  .transform((capabilities) =>
    typeof capabilities === 'string' ? capabilities.trim() !== '' : capabilities !== false,
  );

/** RFC 8841: what the server's SCTP association offers. */
export const SctpParameters = z.looseObject({
  port: z.int(),
  OS: z.int(),
  MIS: z.int(),
  maxMessageSize: z.int(),
});
export type SctpParameters = z.infer<typeof SctpParameters>;

/** RFC 8831 §6.4: reliable unless exactly one of the two limits is set. */
export const SctpStreamParameters = z.object({
  streamId: z.int().min(0).max(65_534),
  ordered: z.boolean().exactOptional(),
  maxPacketLifeTime: z.int().min(0).max(65_535).exactOptional(),
  maxRetransmits: z.int().min(0).max(65_535).exactOptional(),
});
export type SctpStreamParameters = z.infer<typeof SctpStreamParameters>;

/** What a client needs to build its end of a WebRTC transport. */
export const WebRtcTransportInfo = z.object({
  id: TransportId,
  iceParameters: IceParameters,
  iceCandidates: z.array(IceCandidate),
  dtlsParameters: DtlsParameters,
  sctpParameters: SctpParameters.exactOptional(),
});
export type WebRtcTransportInfo = z.infer<typeof WebRtcTransportInfo>;

/** RTCIceServer (W3C WebRTC §4.2.2). */
export const IceServer = z.object({
  urls: z.array(z.string()),
  username: z.string().exactOptional(),
  credential: z.string().exactOptional(),
});
export type IceServer = z.infer<typeof IceServer>;
