/** The few RTCP messages (RFC 3550 §6) that a receiver sends. Compound packets begin with a report (§6.1). */

/** RFC 5761 §4: how RTCP is told from RTP on one port. */
export const isRtcp = (packet: Buffer): boolean => {
  const type = packet[1] ?? 0;
  return packet.length >= 8 && type >= 192 && type <= 223;
};

/** An empty receiver report: says that we are there, and from where. */
export function receiverReport(ssrc: number): Buffer {
  const packet = Buffer.alloc(8);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(201, 1);
  packet.writeUInt16BE(1, 2);
  packet.writeUInt32BE(ssrc, 4);
  return packet;
}

/** RFC 3550 §6.6: this sender has ended. */
export function goodbye(ssrc: number): Buffer {
  const packet = Buffer.alloc(8);
  packet.writeUInt8(0x81, 0);
  packet.writeUInt8(203, 1);
  packet.writeUInt16BE(1, 2);
  packet.writeUInt32BE(ssrc, 4);
  return Buffer.concat([receiverReport(ssrc), packet]);
}

/** Picture Loss Indication (RFC 4585 §6.3.1): asks the sender of `mediaSsrc` for a key frame. */
export function pictureLoss(ssrc: number, mediaSsrc: number): Buffer {
  const packet = Buffer.alloc(12);
  packet.writeUInt8(0x81, 0);
  packet.writeUInt8(206, 1);
  packet.writeUInt16BE(2, 2);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE(mediaSsrc, 8);
  return Buffer.concat([receiverReport(ssrc), packet]);
}

/** Counts what is missing in a row of sequence numbers that wrap at 16 bits. */
export class SequenceWatch {
  #highest: number | undefined;

  /** How many packets were skipped just before this one; 0 for late and repeated ones. */
  received(packet: Buffer): number {
    const sequence = packet.readUInt16BE(2);
    const highest = this.#highest;
    const ahead = highest === undefined ? 1 : (sequence - highest) & 0xffff;
    if (ahead === 0 || ahead > 0x7fff) return 0;
    this.#highest = sequence;
    return ahead - 1;
  }
}
