import { createCipheriv, createDecipheriv } from 'node:crypto';

/** RFC 6347 §4.1. */
export const contentType = { changeCipherSpec: 20, alert: 21, handshake: 22 } as const;
const version = 0xfefd;
const headerLength = 13;
const tagLength = 16;
const explicitNonceLength = 8;

export type DtlsRecord = { type: number; epoch: number; number: Buffer; body: Buffer };
export type RecordKey = { key: Buffer; salt: Buffer };

/** The records of a datagram; a cut one at its end is left out. */
export function readRecords(datagram: Buffer): DtlsRecord[] {
  const records: DtlsRecord[] = [];
  for (let at = 0; at + headerLength <= datagram.length;) {
    const end = at + headerLength + datagram.readUInt16BE(at + 11);
    if (end > datagram.length) break;
    records.push({
      type: datagram.readUInt8(at),
      epoch: datagram.readUInt16BE(at + 3),
      // Epoch and sequence number together: what the cipher takes for a nonce.
      number: datagram.subarray(at + 3, at + 11),
      body: datagram.subarray(at + headerLength, end),
    });
    at = end;
  }
  return records;
}

/** Writes records, each with a number of its own, those of epoch 1 with AES-128-GCM (RFC 5288). */
export class RecordWriter {
  readonly #numbers = [0, 0];
  #key: RecordKey | undefined;

  protectWith(key: RecordKey): void {
    this.#key = key;
  }

  write(type: number, epoch: 0 | 1, body: Buffer): Buffer {
    const header = Buffer.alloc(headerLength);
    header.writeUInt8(type, 0);
    header.writeUInt16BE(version, 1);
    header.writeUInt16BE(epoch, 3);
    header.writeUIntBE(this.#numbers[epoch]!++, 5, 6);
    const content = epoch === 0 || this.#key === undefined ? body : seal(this.#key, header, body);
    header.writeUInt16BE(content.length, 11);
    return Buffer.concat([header, content]);
  }
}

function seal({ key, salt }: RecordKey, header: Buffer, body: Buffer): Buffer {
  const number = header.subarray(3, 11);
  const cipher = createCipheriv('aes-128-gcm', key, Buffer.concat([salt, number]));
  cipher.setAAD(additionalData(number, header.readUInt8(0), body.length));
  return Buffer.concat([number, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when it was not written with this key. */
export function openRecord({ key, salt }: RecordKey, { type, number, body }: DtlsRecord): Buffer {
  const length = body.length - explicitNonceLength - tagLength;
  if (length < 0) throw new Error('a DTLS record is too short');
  const nonce = Buffer.concat([salt, body.subarray(0, explicitNonceLength)]);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAAD(additionalData(number, type, length));
  decipher.setAuthTag(body.subarray(-tagLength));
  return Buffer.concat([decipher.update(body.subarray(explicitNonceLength, -tagLength)), decipher.final()]);
}

function additionalData(number: Buffer, type: number, length: number): Buffer {
  const data = Buffer.alloc(13);
  number.copy(data, 0);
  data.writeUInt8(type, 8);
  data.writeUInt16BE(version, 9);
  data.writeUInt16BE(length, 11);
  return data;
}
