import { z } from 'zod';

/**
 * RTP parameters and capabilities as mediasoup and mediasoup-client know them (ORTC's dictionaries). mediasoup itself
 * accepts negative SSRCs, a thousand encodings or half a megabyte of CNAME: numbers, strings and arrays are bounded here.
 */
export const MediaKind = z.enum(['audio', 'video']);
export type MediaKind = z.infer<typeof MediaKind>;

const text = (max: number) => z.string().max(max);
/** RFC 3550 §5.1: 32 bits. */
const ssrc = z.int().min(0).max(0xffff_ffff);
/** RFC 3551 §6: 7 bits. */
const payloadType = z.int().min(0).max(127);
/** Codec parameters are left to the engine, which knows each codec's own; only their number and size are bounded. */
const codecParameters = z
  .record(text(100), z.union([z.string().max(1000), z.number(), z.boolean()]))
  .refine((parameters) => Object.keys(parameters).length <= 64, 'at most 64 codec parameters');

const RtcpFeedback = z.object({ type: text(64), parameter: text(64).exactOptional() });

const codec = {
  mimeType: text(64).regex(/^(audio|video)\/.+/i, 'must be audio/… or video/…'),
  clockRate: z.int().min(1).max(1_000_000_000),
  channels: z.int().min(1).max(64).exactOptional(),
  parameters: codecParameters.exactOptional(),
  rtcpFeedback: z.array(RtcpFeedback).max(32).exactOptional(),
};

/** The header extensions that the engine knows (RFC 8285). Others are left out: they can never be negotiated. */
const HeaderExtensionUri = z.enum([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  'urn:3gpp:video-orientation',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'urn:ietf:params:rtp-hdrext:toffset',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'urn:mediasoup:params:rtp-hdrext:packet-id',
]);

const headerExtensions = <T extends z.ZodType>(known: T) =>
  z
    .array(z.union([known, z.object({ uri: text(300) }).transform(() => undefined)]))
    .max(64)
    .transform((extensions) => extensions.filter((extension) => extension !== undefined) as z.output<T>[]);

export const RtpCapabilities = z.object({
  codecs: z
    .array(z.object({ kind: MediaKind, ...codec, preferredPayloadType: payloadType }))
    .max(128)
    .exactOptional(),
  headerExtensions: headerExtensions(
    z.object({
      kind: MediaKind,
      uri: HeaderExtensionUri,
      preferredId: z.int().min(1).max(255),
      preferredEncrypt: z.boolean().exactOptional(),
      direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).exactOptional(),
    }),
  ).exactOptional(),
});
export type RtpCapabilities = z.infer<typeof RtpCapabilities>;

export const RtpParameters = z.object({
  mid: text(32).exactOptional(),
  codecs: z
    .array(z.object({ ...codec, payloadType }))
    .min(1)
    .max(32),
  headerExtensions: headerExtensions(
    z.object({
      uri: HeaderExtensionUri,
      id: z.int().min(1).max(255),
      encrypt: z.boolean().exactOptional(),
      parameters: codecParameters.exactOptional(),
    }),
  ).exactOptional(),
  encodings: z
    .array(
      z.object({
        ssrc: ssrc.exactOptional(),
        rid: text(16).exactOptional(),
        codecPayloadType: payloadType.exactOptional(),
        rtx: z.object({ ssrc }).exactOptional(),
        dtx: z.boolean().exactOptional(),
        scalabilityMode: text(32).exactOptional(),
        maxBitrate: z.number().min(0).max(1e12).exactOptional(),
      }),
    )
    .max(16)
    .exactOptional(),
  rtcp: z.object({ cname: text(255).exactOptional(), reducedSize: z.boolean().exactOptional() }).exactOptional(),
  msid: text(255).exactOptional(),
});
export type RtpParameters = z.infer<typeof RtpParameters>;

export const ConsumerLayers = z.object({
  spatialLayer: z.int().min(0).max(15),
  temporalLayer: z.int().min(0).max(15).exactOptional(),
});
export type ConsumerLayers = z.infer<typeof ConsumerLayers>;
