import type { MediaKind, RtpParameters } from '@potluck/protocol';

export type Inlet = { readonly kind: MediaKind; readonly port: number; readonly rtpParameters: RtpParameters };

/** Describes RTP that comes to local ports, for ffmpeg (RFC 8866). Retransmission is left out: it is not asked for. */
export function sessionDescription(inlets: readonly Inlet[]): string {
  return [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=Potluck',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    ...inlets.flatMap(({ kind, port, rtpParameters }) => {
      const codec = rtpParameters.codecs.find(({ mimeType }) => !/\/rtx$/iu.test(mimeType));
      if (codec === undefined) return [];
      const { payloadType, mimeType, clockRate, channels, parameters = {} } = codec;
      const format = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`);
      return [
        `m=${kind} ${port} RTP/AVP ${payloadType}`,
        `a=rtpmap:${payloadType} ${mimeType.split('/')[1]}/${clockRate}${kind === 'audio' ? `/${channels ?? 1}` : ''}`,
        ...(format.length > 0 ? [`a=fmtp:${payloadType} ${format.join(';')}`] : []),
        'a=recvonly',
      ];
    }),
    '',
  ].join('\r\n');
}
