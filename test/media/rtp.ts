import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { RtpParameters } from '@potluck/protocol';

/** Just enough RTP (RFC 3550 §5.1) to see that media flows: opus with a payload of our own. */
export const opusOver = (ssrc: number, options: { levels?: boolean } = {}): RtpParameters => ({
  codecs: [
    { mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2, parameters: {}, rtcpFeedback: [] },
  ],
  headerExtensions: options.levels
    ? [{ uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: 10, encrypt: false }]
    : [],
  encodings: [{ ssrc }],
  rtcp: { cname: `cname-${ssrc}` },
});

export type RtpPacket = { payloadType: number; sequence: number; ssrc: number; payload: string };

/** `level` in dB below the maximum, 0 to 127 (RFC 6464), as header extension 10. */
export function encodeRtp(packet: RtpPacket & { level?: number }): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(packet.level === undefined ? 0x80 : 0x90, 0);
  header.writeUInt8(packet.payloadType, 1);
  header.writeUInt16BE(packet.sequence & 0xffff, 2);
  header.writeUInt32BE((packet.sequence * 960) >>> 0, 4);
  header.writeUInt32BE(packet.ssrc, 8);
  const extension =
    packet.level === undefined ? [] : [Buffer.from([0xbe, 0xde, 0, 1, 0xa0, 0x80 | packet.level, 0, 0])];
  return Buffer.concat([header, ...extension, Buffer.from(packet.payload)]);
}

/** `undefined` for RTCP (RFC 5761 §4). */
export function decodeRtp(data: Buffer): RtpPacket | undefined {
  const payloadType = data.readUInt8(1) & 0x7f;
  if (payloadType >= 64 && payloadType <= 95) return undefined;
  const first = data.readUInt8(0);
  const extension = first & 0x10 ? 4 + 4 * data.readUInt16BE(12 + 4 * (first & 0xf) + 2) : 0;
  return {
    payloadType,
    sequence: data.readUInt16BE(2),
    ssrc: data.readUInt32BE(8),
    payload: data.subarray(12 + 4 * (first & 0xf) + extension).toString(),
  };
}

/** A UDP socket on loopback. */
export async function openUdp(): Promise<{ socket: Socket; port: number; [Symbol.dispose](): void }> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, port: socket.address().port, [Symbol.dispose]: () => void socket.close() };
}
