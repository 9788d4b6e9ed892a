import type { types } from 'mediasoup';

export type Kind = 'video' | 'audio';

export const ssrc = 0x706f746c;
const payloadType = 100;
const headerLength = 12;

export const mediaCodecs: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, preferredPayloadType: 101 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, preferredPayloadType: 102 },
];

export function parametersOf(kind: Kind): types.RtpParameters {
  const codec: types.RtpCodecParameters =
    kind === 'audio'
      ? { mimeType: 'audio/opus', payloadType, clockRate: 48_000, channels: 2 }
      : // Feedback makes the worker keep packets for retransmission, as it does for browsers.
        { mimeType: 'video/VP8', payloadType, clockRate: 90_000, rtcpFeedback: [{ type: 'nack', parameter: '' }] };
  return { codecs: [codec], encodings: [{ ssrc }] };
}

/** The payload that packet number `index` must still have when it arrives. */
export function payloadOf(kind: Kind, index: number, length: number): Buffer {
  const payload = Buffer.alloc(length - headerLength, index & 0xff);
  // RFC 7741: the start of a key frame, which a consumer may begin with.
  if (kind === 'video') Buffer.from([0x10, 0x00, 0x00, 0x00, 0x9d, 0x01, 0x2a]).copy(payload);
  payload.writeUInt32BE(index, payload.length - 4);
  return payload;
}

/** An RTP packet of `length` bytes in all; those of one `frame` have its time. */
export function packetOf(kind: Kind, index: number, frame: number, length: number): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(payloadType, 1);
  header.writeUInt16BE(index & 0xffff, 2);
  header.writeUInt32BE((frame * 3_000) >>> 0, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payloadOf(kind, index, length)]);
}
