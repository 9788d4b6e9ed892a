import type { types } from 'mediasoup-client';
import { uri } from '../rtp/extensions.ts';

const feedback = {
  audio: [{ type: 'nack' }, { type: 'transport-cc' }],
  video: [
    { type: 'nack' },
    { type: 'nack', parameter: 'pli' },
    { type: 'ccm', parameter: 'fir' },
    { type: 'transport-cc' },
  ],
};

const extensions: readonly (readonly [name: keyof typeof uri, kinds: readonly types.MediaKind[]])[] = [
  ['mid', ['audio', 'video']],
  ['rid', ['video']],
  ['absSendTime', ['audio', 'video']],
  ['transportSequence', ['audio', 'video']],
  ['audioLevel', ['audio']],
];

/**
 * What these clients can do. No RTX: what is sent again comes in its own stream, so that it is counted as part of it.
 * Made anew each time, since mediasoup-client writes into what it is given.
 */
export const nativeCapabilities = (): types.RtpCapabilities => ({
  codecs: [
    {
      kind: 'audio',
      mimeType: 'audio/opus',
      preferredPayloadType: 111,
      clockRate: 48_000,
      channels: 2,
      parameters: { useinbandfec: 1, minptime: 10 },
      rtcpFeedback: [...feedback.audio],
    },
    {
      kind: 'video',
      mimeType: 'video/VP8',
      preferredPayloadType: 96,
      clockRate: 90_000,
      parameters: {},
      rtcpFeedback: [...feedback.video],
    },
  ],
  headerExtensions: extensions.flatMap(([name, kinds], index) =>
    kinds.map((kind) => ({
      kind,
      uri: uri[name] as types.RtpHeaderExtensionUri,
      preferredId: index + 1,
      preferredEncrypt: false,
      direction: 'sendrecv' as const,
    })),
  ),
});
