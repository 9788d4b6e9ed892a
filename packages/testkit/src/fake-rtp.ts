import type { MediaKind, RtpCapabilities, RtpParameters } from '@potluck/protocol';

const video = (mimeType: string, payloadType: number) => ({
  kind: 'video' as const,
  mimeType,
  preferredPayloadType: payloadType,
  clockRate: 90_000,
  parameters: {},
  rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
});

const rtxOf = (payloadType: number) => ({
  kind: 'video' as const,
  mimeType: 'video/rtx',
  preferredPayloadType: payloadType + 1,
  clockRate: 90_000,
  parameters: { apt: payloadType },
  rtcpFeedback: [],
});

/** What the rooms of the fake fabric can do: opus, VP8, VP9 and H264. Also good as the capabilities of a client. */
export const fakeRtpCapabilities: RtpCapabilities = {
  codecs: [
    {
      kind: 'audio',
      mimeType: 'audio/opus',
      preferredPayloadType: 100,
      clockRate: 48_000,
      channels: 2,
      parameters: {},
      rtcpFeedback: [{ type: 'nack' }],
    },
    ...['video/VP8', 'video/VP9', 'video/H264'].flatMap((mimeType, index) => [
      video(mimeType, 101 + 2 * index),
      rtxOf(101 + 2 * index),
    ]),
  ],
  headerExtensions: [
    { kind: 'audio', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', preferredId: 1, preferredEncrypt: false },
    { kind: 'video', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', preferredId: 1, preferredEncrypt: false },
  ],
};

let lastSsrc = 0;

/** Parameters that a client could send: opus, or VP8 with as many simulcast encodings as asked for. */
export function fakeRtpParameters(
  kind: MediaKind,
  options: { encodings?: number; mimeType?: string } = {},
): RtpParameters {
  const { encodings = 1, mimeType = kind === 'audio' ? 'audio/opus' : 'video/VP8' } = options;
  lastSsrc += 1;
  const codec =
    kind === 'audio'
      ? { mimeType, payloadType: 111, clockRate: 48_000, channels: 2, parameters: {}, rtcpFeedback: [] }
      : { mimeType, payloadType: 96, clockRate: 90_000, parameters: {}, rtcpFeedback: [{ type: 'nack' }] };
  return {
    codecs: [codec],
    encodings: Array.from({ length: encodings }, (_, index) =>
      encodings === 1 ? { ssrc: lastSsrc } : { rid: `r${index}`, scalabilityMode: 'L1T3' },
    ),
    rtcp: { cname: `cname-${lastSsrc}` },
  };
}
