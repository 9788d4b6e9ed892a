import { z } from 'zod';

/**
 * What a console client and the server say to each other: frames of one byte type, four bytes length (big-endian) and
 * payload, so that keys, window size, output, errors and the status have one stream each on one socket.
 */
export const frameTypes = {
  /** Client, once and first: who it is. JSON. */
  hello: 1,
  /** Client: bytes typed or piped in. */
  input: 2,
  inputEnded: 3,
  /** Client: the window has another size. JSON. */
  resized: 4,
  /** Server: bytes for standard output and standard error. */
  output: 5,
  error: 6,
  /** Server, last: it is over. JSON. */
  ended: 7,
} as const;
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

const size = { columns: z.int().min(1).max(10_000), rows: z.int().min(1).max(10_000) };

export const Resized = z.strictObject(size);
export const Hello = z.strictObject({
  version: z.literal(1),
  /** A person types; otherwise lines are piped in. */
  interactive: z.boolean(),
  colors: z.boolean(),
  /** Absent where the output is no terminal. */
  size: Resized.exactOptional(),
  /** Carry out this line only. */
  command: z.string().max(100_000).exactOptional(),
});
export type Hello = z.infer<typeof Hello>;
export const Ended = z.strictObject({ status: z.int().min(0).max(255), farewell: z.string() });

const headBytes = 5;
const maxPayload = 16 * 1024 * 1024;
const isFrameType = (type: number): type is FrameType => Object.values<number>(frameTypes).includes(type);

export function encodeFrame(type: FrameType, payload: Uint8Array | string | object = ''): Buffer {
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(type, 0);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Puts frames together from the pieces in which they come. Throws where no frame can be. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  *read(chunk: Uint8Array): Generator<{ type: FrameType; payload: Buffer }> {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= headBytes) {
      const type = this.#rest.readUInt8(0);
      const length = this.#rest.readUInt32BE(1);
      if (!isFrameType(type)) throw new Error(`unknown frame type ${type}: not a console of this version`);
      if (length > maxPayload) throw new Error(`a frame of ${length} bytes is too large`);
      if (this.#rest.length < headBytes + length) return;
      const payload = this.#rest.subarray(headBytes, headBytes + length);
      this.#rest = this.#rest.subarray(headBytes + length);
      yield { type, payload };
    }
  }
}
