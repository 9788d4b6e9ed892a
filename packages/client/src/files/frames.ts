/** What goes over the data channel of one transfer: pieces of the file, each saying where it belongs, then a last word. */

/** What is hashed, kept and taken up again as a whole, in bytes. */
export const blockBytes = 262_144;
/** What the sender may be ahead of the receiver's last report, in bytes: more might not fit the buffers on the way. */
export const windowBytes = 4 * blockBytes;
/** Of one message, in bytes. */
const pieceBytesMax = 65_536;
const headBytes = 12;

/** `epoch`: the attempt that it is sent for. `offset`: of its first byte in the file. */
export type Piece = { readonly epoch: number; readonly offset: number; readonly bytes: Uint8Array<ArrayBuffer> };
/** Everything was sent. `digest` is absent where the sender's platform cannot hash. */
export type LastWord = { readonly epoch: number; readonly digest: string | undefined };

export const pieceBytes = (maxMessageBytes: number | undefined): number =>
  Math.max(1, Math.min(pieceBytesMax, (maxMessageBytes ?? Infinity) - headBytes));

export function encodePiece({ epoch, offset, bytes }: Piece): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(headBytes + bytes.length);
  const head = new DataView(frame.buffer);
  head.setUint32(0, epoch);
  head.setFloat64(4, offset);
  frame.set(bytes, headBytes);
  return frame;
}

/** `undefined` for what is no piece. */
export function decodePiece(frame: ArrayBuffer): Piece | undefined {
  if (frame.byteLength <= headBytes) return undefined;
  const head = new DataView(frame);
  const offset = head.getFloat64(4);
  if (!Number.isSafeInteger(offset) || offset < 0) return undefined;
  return { epoch: head.getUint32(0), offset, bytes: new Uint8Array(frame, headBytes) };
}

export const encodeLastWord = (word: LastWord): string => JSON.stringify(word);

/** `undefined` for what is none. */
export function decodeLastWord(text: string): LastWord | undefined {
  try {
    const word: unknown = JSON.parse(text);
    if (typeof word !== 'object' || word === null || !('epoch' in word) || typeof word.epoch !== 'number')
      return undefined;
    const digest = 'digest' in word && typeof word.digest === 'string' ? word.digest : undefined;
    return { epoch: word.epoch, digest };
  } catch {
    return undefined;
  }
}
