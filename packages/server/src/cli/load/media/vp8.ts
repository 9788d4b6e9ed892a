/** VP8 in RTP (RFC 7741), with the picture numbers and temporal layers that an SFU thins it out by. */

export const maxPayload = 1_150;
const descriptorLength = 6;

/** Three temporal layers as libwebrtc makes them: a quarter, half, or all of the frames. */
const temporalPattern = [0, 2, 1, 2];

export type FrameNumbers = { readonly pictureId: number; readonly tl0PicIdx: number; readonly temporalLayer: number };

/** Numbers the frames of one stream. A key frame begins the pattern anew. */
export class FrameCounter {
  #pictureId: number;
  #tl0PicIdx: number;
  #position = 0;

  constructor({ pictureId = 0, tl0PicIdx = 0 } = {}) {
    this.#pictureId = pictureId;
    this.#tl0PicIdx = tl0PicIdx;
  }

  next(key: boolean): FrameNumbers {
    if (key) this.#position = 0;
    const temporalLayer = temporalPattern[this.#position++ % temporalPattern.length]!;
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    if (temporalLayer === 0) this.#tl0PicIdx = (this.#tl0PicIdx + 1) & 0xff;
    return { pictureId: this.#pictureId, tl0PicIdx: this.#tl0PicIdx, temporalLayer };
  }
}

/** The payloads of the packets of one frame, about equally long. */
export function packetize(frame: Buffer, numbers: FrameNumbers): Buffer[] {
  const count = Math.max(1, Math.ceil(frame.length / (maxPayload - descriptorLength)));
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((frame.length * index) / count);
    const to = Math.floor((frame.length * (index + 1)) / count);
    return Buffer.concat([descriptor(numbers, index === 0), frame.subarray(from, to)]);
  });
}

/** RFC 7741 §4.2. */
function descriptor({ pictureId, tl0PicIdx, temporalLayer }: FrameNumbers, first: boolean): Buffer {
  // Nothing refers to the highest temporal layer; the others can be joined at any frame (Y): each repeats a picture.
  const [extended, start, disposable, joinable] = [0x80, 0x10, 0x20, 0x20];
  return Buffer.from([
    extended | (temporalLayer === 2 ? disposable : 0) | (first ? start : 0),
    // Picture id, TL0PICIDX and temporal layer follow.
    0xe0,
    0x80 | (pictureId >> 8),
    pictureId & 0xff,
    tl0PicIdx,
    (temporalLayer << 6) | (temporalLayer > 0 ? joinable : 0),
  ]);
}

/** Whether a payload is the first of a key frame. */
export function startsKeyFrame(payload: Buffer): boolean {
  const first = payload[0] ?? 0;
  if ((first & 0x17) !== 0x10) return false;
  let at = 1;
  if ((first & 0x80) !== 0) {
    const flags = payload[at++] ?? 0;
    if ((flags & 0x80) !== 0) at += ((payload[at] ?? 0) & 0x80) === 0 ? 1 : 2;
    if ((flags & 0x40) !== 0) at += 1;
    if ((flags & 0x30) !== 0) at += 1;
  }
  // RFC 6386 §9.1: the lowest bit of a frame is 0 for a key frame.
  return at < payload.length && (payload[at]! & 0x01) === 0;
}
