/** RTCP packets that a client of an SFU sends and hears (RFC 3550 §6, RFC 4585, RFC 5104). */

const type = { senderReport: 200, receiverReport: 201, transportFeedback: 205, payloadFeedback: 206 } as const;
const ntpEpochSeconds = 2_208_988_800;

export type ReportBlock = {
  readonly ssrc: number;
  /** Of the time since the report before, in 256ths. */
  readonly fractionLost: number;
  readonly totalLost: number;
  readonly highestSequence: number;
  /** In units of the stream's clock. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report, and 65536ths of a second since it came. */
  readonly lastReport: number;
  readonly delay: number;
};

export function senderReport(ssrc: number, nowMs: number, timestamp: number, packets: number, octets: number): Buffer {
  const packet = header(0, type.senderReport, 28, ssrc);
  const { seconds, fraction } = ntp(nowMs);
  packet.writeUInt32BE(seconds, 8);
  packet.writeUInt32BE(fraction, 12);
  packet.writeUInt32BE(timestamp, 16);
  packet.writeUInt32BE(packets >>> 0, 20);
  packet.writeUInt32BE(octets >>> 0, 24);
  return packet;
}

/** At most 31 blocks (5 bits) fit a packet. */
export const maxBlocks = 31;

export function receiverReport(ssrc: number, blocks: readonly ReportBlock[]): Buffer {
  const packet = header(blocks.length, type.receiverReport, 8 + blocks.length * 24, ssrc);
  blocks.forEach((block, index) => {
    const at = 8 + index * 24;
    packet.writeUInt32BE(block.ssrc, at);
    packet.writeUInt8(block.fractionLost, at + 4);
    packet.writeIntBE(Math.min(0x7f_ffff, block.totalLost), at + 5, 3);
    packet.writeUInt32BE(block.highestSequence >>> 0, at + 8);
    packet.writeUInt32BE(Math.round(block.jitter) >>> 0, at + 12);
    packet.writeUInt32BE(block.lastReport, at + 16);
    packet.writeUInt32BE(block.delay >>> 0, at + 20);
  });
  return packet;
}

export function pictureLoss(ssrc: number, mediaSsrc: number): Buffer {
  const packet = header(1, type.payloadFeedback, 12, ssrc);
  packet.writeUInt32BE(mediaSsrc, 8);
  return packet;
}

/** RFC 4585 §6.2.1: asks for these packets again. */
export function genericNack(ssrc: number, mediaSsrc: number, sequences: readonly number[]): Buffer {
  const items: { first: number; mask: number }[] = [];
  for (const sequence of sequences) {
    const last = items.at(-1);
    const distance = last === undefined ? 17 : (sequence - last.first) & 0xffff;
    if (last !== undefined && distance >= 1 && distance <= 16) last.mask |= 1 << (distance - 1);
    else items.push({ first: sequence, mask: 0 });
  }
  const packet = header(1, type.transportFeedback, 12 + items.length * 4, ssrc);
  packet.writeUInt32BE(mediaSsrc, 8);
  items.forEach(({ first, mask }, index) => {
    packet.writeUInt16BE(first, 12 + index * 4);
    packet.writeUInt16BE(mask, 14 + index * 4);
  });
  return packet;
}

export type Heard =
  /** `middle`: of its NTP time, to be sent back. */
  | { readonly kind: 'senderReport'; readonly ssrc: number; readonly middle: number }
  /** A key frame is asked for (PLI or FIR). */
  | { readonly kind: 'keyFrameWanted'; readonly ssrc: number }
  | { readonly kind: 'nack'; readonly ssrc: number; readonly sequences: number[] };

/** What matters of a compound packet. */
export function readRtcp(compound: Buffer): Heard[] {
  const heard: Heard[] = [];
  for (let at = 0; at + 8 <= compound.length;) {
    const length = (compound.readUInt16BE(at + 2) + 1) * 4;
    const packet = compound.subarray(at, at + length);
    if (packet.length < length) break;
    heard.push(...readOne(packet));
    at += length;
  }
  return heard;
}

function readOne(packet: Buffer): Heard[] {
  const format = packet.readUInt8(0) & 0x1f;
  const kind = packet.readUInt8(1);
  if (kind === type.senderReport && packet.length >= 28) {
    return [{ kind: 'senderReport', ssrc: packet.readUInt32BE(4), middle: packet.readUInt32BE(10) }];
  }
  if (kind === type.payloadFeedback && format === 1 && packet.length >= 12) {
    return [{ kind: 'keyFrameWanted', ssrc: packet.readUInt32BE(8) }];
  }
  const items = (size: number) =>
    Array.from({ length: Math.floor((packet.length - 12) / size) }, (_, index) => 12 + index * size);
  // RFC 5104 §4.3.1: each entry of a FIR names its stream.
  if (kind === type.payloadFeedback && format === 4) {
    return items(8).map((at) => ({ kind: 'keyFrameWanted', ssrc: packet.readUInt32BE(at) }));
  }
  if (kind === type.transportFeedback && format === 1) {
    const sequences = items(4).flatMap((at) => unmask(packet.readUInt16BE(at), packet.readUInt16BE(at + 2)));
    return [{ kind: 'nack', ssrc: packet.readUInt32BE(8), sequences }];
  }
  return [];
}

const unmask = (first: number, mask: number): number[] => [
  first,
  ...Array.from({ length: 16 }, (_, bit) => bit)
    .filter((bit) => (mask & (1 << bit)) !== 0)
    .map((bit) => (first + bit + 1) & 0xffff),
];

export function header(count: number, packetType: number, length: number, ssrc: number): Buffer {
  const packet = Buffer.alloc(length);
  packet.writeUInt8(0x80 | count, 0);
  packet.writeUInt8(packetType, 1);
  packet.writeUInt16BE(length / 4 - 1, 2);
  packet.writeUInt32BE(ssrc, 4);
  return packet;
}

function ntp(ms: number): { seconds: number; fraction: number } {
  const seconds = Math.floor(ms / 1000);
  return { seconds: (seconds + ntpEpochSeconds) >>> 0, fraction: Math.floor(((ms / 1000) % 1) * 2 ** 32) >>> 0 };
}
