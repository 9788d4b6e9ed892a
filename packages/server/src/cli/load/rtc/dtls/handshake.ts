/** RFC 5246 §7.4. */
export const handshakeType = {
  clientHello: 1,
  serverHello: 2,
  helloVerifyRequest: 3,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
} as const;

const headerLength = 12;
/** No message of a server's handshake comes near it; certificates are the largest. */
const maxLength = 100_000;

/** `whole`: as if it had come in one piece, which is what both sides hash (RFC 6347 §4.2.6). */
export type HandshakeMessage = { type: number; body: Buffer; whole: Buffer };

export function encodeHandshake(type: number, sequence: number, body: Buffer): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(type, 0);
  header.writeUIntBE(body.length, 1, 3);
  header.writeUInt16BE(sequence, 4);
  header.writeUIntBE(body.length, 9, 3);
  return Buffer.concat([header, body]);
}

type Partial = { type: number; body: Buffer; pieces: Map<number, number> };

/** Puts the pieces of handshake messages together, and gives the messages out in order, each once. */
export class Assembler {
  readonly #partial = new Map<number, Partial>();
  #next = 0;

  /** The messages that are complete now. Throws for a length that nobody sends. */
  take(record: Buffer): HandshakeMessage[] {
    for (let at = 0; at + headerLength <= record.length;) {
      const length = record.readUIntBE(at + 1, 3);
      const sequence = record.readUInt16BE(at + 4);
      const offset = record.readUIntBE(at + 6, 3);
      const pieceLength = record.readUIntBE(at + 9, 3);
      const piece = record.subarray(at + headerLength, at + headerLength + pieceLength);
      if (length > maxLength || offset + pieceLength > length || piece.length < pieceLength) {
        throw new Error('a DTLS handshake message has a length that cannot be');
      }
      if (sequence >= this.#next) this.#put(sequence, record.readUInt8(at), length, offset, piece);
      at += headerLength + pieceLength;
    }
    return this.#complete();
  }

  #put(sequence: number, type: number, length: number, offset: number, piece: Buffer): void {
    let partial = this.#partial.get(sequence);
    if (partial === undefined) {
      partial = { type, body: Buffer.alloc(length), pieces: new Map() };
      this.#partial.set(sequence, partial);
    }
    piece.copy(partial.body, offset);
    partial.pieces.set(offset, Math.max(piece.length, partial.pieces.get(offset) ?? 0));
  }

  #complete(): HandshakeMessage[] {
    const messages: HandshakeMessage[] = [];
    for (;;) {
      const partial = this.#partial.get(this.#next);
      if (partial === undefined || !covers(partial)) return messages;
      const { type, body } = partial;
      messages.push({ type, body, whole: encodeHandshake(type, this.#next, body) });
      this.#partial.delete(this.#next);
      this.#next += 1;
    }
  }
}

function covers({ body, pieces }: Partial): boolean {
  let end = 0;
  for (const [offset, length] of [...pieces].toSorted(([a], [b]) => a - b)) {
    if (offset > end) return false;
    end = Math.max(end, offset + length);
  }
  return end === body.length && pieces.size > 0;
}
