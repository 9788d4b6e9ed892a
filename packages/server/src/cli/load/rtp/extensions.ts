/** Header extensions of RTP packets in their one-byte form (RFC 8285 §4.2). */

export const uri = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  absSendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  transportSequence: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
} as const;

export type ExtensionName = keyof typeof uri;
export type ExtensionIds = { readonly [N in ExtensionName]?: number };

/** Which extensions were negotiated, and under which ids. */
export function extensionIds(extensions: readonly { uri: string; id: number }[] = []): ExtensionIds {
  const found = Object.entries(uri).flatMap(([name, one]) =>
    extensions.filter((extension) => extension.uri === one).map(({ id }) => [name, id] as const),
  );
  return Object.fromEntries(found);
}

/** The whole block with its header, padded to words; empty when there is nothing to say. */
export function encodeExtensions(values: readonly (readonly [id: number | undefined, value: Buffer])[]): Buffer {
  const elements = values.flatMap(([id, value]) =>
    id === undefined || value.length === 0 ? [] : [Buffer.from([(id << 4) | (value.length - 1)]), value],
  );
  if (elements.length === 0) return Buffer.alloc(0);
  const length = elements.reduce((sum, element) => sum + element.length, 0);
  const words = Math.ceil(length / 4);
  return Buffer.concat([Buffer.from([0xbe, 0xde, words >> 8, words & 0xff]), ...elements], 4 + words * 4);
}

/** Where the value of one extension begins in a packet; `undefined` when it is not there. */
export function findExtension(packet: Buffer, id: number): number | undefined {
  if ((packet[0]! & 0x10) === 0) return undefined;
  const start = 12 + (packet[0]! & 0x0f) * 4;
  if (packet.length < start + 4 || packet.readUInt16BE(start) !== 0xbede) return undefined;
  const end = Math.min(packet.length, start + 4 + packet.readUInt16BE(start + 2) * 4);
  for (let at = start + 4; at < end;) {
    const head = packet[at]!;
    if (head === 0) at += 1;
    else if (head >> 4 === id) return at + 1;
    else at += 2 + (head & 0x0f);
  }
  return undefined;
}

/** Seconds as fixed point 6.18, as abs-send-time has them. */
export function absSendTime(ms: number): Buffer {
  const value = Math.floor((ms / 1000) * 2 ** 18) & 0xff_ffff;
  return Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
}
