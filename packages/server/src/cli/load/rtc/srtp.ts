/** SRTP with AEAD_AES_128_GCM (RFC 3711, RFC 7714), for whoever knows the extended sequence numbers of its streams. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { SrtpKey } from './dtls/client.ts';

const tagLength = 16;
const indexLength = 4;
const encryptedFlag = 0x8000_0000;

/** RFC 3711 §4.3: the label goes to byte 7 of the salt, which GCM's shorter one is padded for at its end. */
function derive({ key, salt }: SrtpKey, label: number, length: number): Buffer {
  const iv = Buffer.alloc(16);
  salt.copy(iv);
  iv[7]! ^= label;
  return createCipheriv('aes-128-ctr', key, iv).update(Buffer.alloc(length));
}

class Keys {
  readonly rtp: { key: Buffer; salt: Buffer };
  readonly rtcp: { key: Buffer; salt: Buffer };

  constructor(master: SrtpKey) {
    this.rtp = { key: derive(master, 0, 16), salt: derive(master, 2, 12) };
    this.rtcp = { key: derive(master, 3, 16), salt: derive(master, 5, 12) };
  }
}

/** RFC 7714 §8.1 and §9.1: both nonces are 2 bytes of zero, the SSRC, and a 48-bit index. */
function nonceOf(salt: Buffer, packet: Buffer, ssrcAt: number, high: number, low: number): Buffer {
  const iv = Buffer.allocUnsafe(12);
  iv.writeUInt16BE(0, 0);
  packet.copy(iv, 2, ssrcAt, ssrcAt + 4);
  iv.writeUInt32BE(high, 6);
  iv.writeUInt16BE(low, 10);
  for (let i = 0; i < 12; i++) iv[i]! ^= salt[i]!;
  return iv;
}

/** RFC 3550 §5.1 and §5.3.1: what SRTP leaves in the clear. */
export function headerLengthOf(packet: Buffer): number {
  const fixed = 12 + (packet[0]! & 0x0f) * 4;
  return (packet[0]! & 0x10) === 0 ? fixed : fixed + 4 + packet.readUInt16BE(fixed + 2) * 4;
}

export class SrtpSealer {
  readonly #keys: Keys;
  #controlIndex = 0;

  constructor(master: SrtpKey) {
    this.#keys = new Keys(master);
  }

  /** `rollovers`: how often the sequence number of this stream has passed 65535. */
  sealRtp(header: Buffer, payload: Buffer, rollovers: number): Buffer {
    const { key, salt } = this.#keys.rtp;
    const nonce = nonceOf(salt, header, 8, rollovers, header.readUInt16BE(2));
    const cipher = createCipheriv('aes-128-gcm', key, nonce);
    cipher.setAAD(header);
    const sealed = cipher.update(payload);
    cipher.final();
    return Buffer.concat([header, sealed, cipher.getAuthTag()]);
  }

  sealRtcp(packet: Buffer): Buffer {
    const { key, salt } = this.#keys.rtcp;
    const index = this.#controlIndex++;
    const trailer = Buffer.alloc(indexLength);
    trailer.writeUInt32BE((index | encryptedFlag) >>> 0);
    const nonce = nonceOf(salt, packet, 4, index >>> 16, index & 0xffff);
    const cipher = createCipheriv('aes-128-gcm', key, nonce);
    cipher.setAAD(Buffer.concat([packet.subarray(0, 8), trailer]));
    const sealed = cipher.update(packet.subarray(8));
    cipher.final();
    return Buffer.concat([packet.subarray(0, 8), sealed, cipher.getAuthTag(), trailer]);
  }
}

/** Its methods throw when a packet was not sealed with this key. */
export class SrtpOpener {
  readonly #keys: Keys;

  constructor(master: SrtpKey) {
    this.#keys = new Keys(master);
  }

  /** Answers the payload. */
  openRtp(packet: Buffer, rollovers: number): Buffer {
    const { key, salt } = this.#keys.rtp;
    const decipher = createDecipheriv('aes-128-gcm', key, nonceOf(salt, packet, 8, rollovers, packet.readUInt16BE(2)));
    const headerLength = headerLengthOf(packet);
    decipher.setAAD(packet.subarray(0, headerLength));
    decipher.setAuthTag(packet.subarray(-tagLength));
    const payload = decipher.update(packet.subarray(headerLength, -tagLength));
    decipher.final();
    return payload;
  }

  /** Answers the whole packet in the clear. */
  openRtcp(packet: Buffer): Buffer {
    const { key, salt } = this.#keys.rtcp;
    const trailer = packet.subarray(-indexLength);
    const index = (trailer.readUInt32BE() & ~encryptedFlag) >>> 0;
    const decipher = createDecipheriv('aes-128-gcm', key, nonceOf(salt, packet, 4, index >>> 16, index & 0xffff));
    decipher.setAAD(Buffer.concat([packet.subarray(0, 8), trailer]));
    decipher.setAuthTag(packet.subarray(-tagLength - indexLength, -indexLength));
    const rest = decipher.update(packet.subarray(8, -tagLength - indexLength));
    decipher.final();
    return Buffer.concat([packet.subarray(0, 8), rest]);
  }
}
