/** Opens SRTP packets (RFC 3711, RFC 7714), so that the bench can tell what arrived from what was only counted. */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

export type Suite = 'AEAD_AES_128_GCM' | 'AES_CM_128_HMAC_SHA1_80';

/** Length of master key and master salt together, in bytes. */
export const keyLength: Record<Suite, number> = { AEAD_AES_128_GCM: 28, AES_CM_128_HMAC_SHA1_80: 30 };

/** Answers the payload of a packet of the first 65,536 of a stream; throws when its tag is wrong. */
export type Opener = (packet: Buffer) => Buffer;

/** RFC 3550 §5.1 and §5.3.1: what SRTP leaves in the clear. */
function headerLengthOf(packet: Buffer): number {
  const fixed = 12 + (packet[0]! & 0x0f) * 4;
  return (packet[0]! & 0x10) === 0 ? fixed : fixed + 4 + packet.readUInt16BE(fixed + 2) * 4;
}

export function createOpener(suite: Suite, keyBase64: string): Opener {
  const master = Buffer.from(keyBase64, 'base64');
  const [masterKey, masterSalt] = [master.subarray(0, 16), master.subarray(16)];
  const derive = (label: number, length: number) => {
    // RFC 3711 §4.3: the label goes to byte 7 of the salt, which GCM's shorter one is padded for at its end.
    const iv = Buffer.alloc(16);
    masterSalt.copy(iv);
    iv[7] = iv[7]! ^ label;
    return createCipheriv('aes-128-ctr', masterKey, iv).update(Buffer.alloc(length));
  };
  const key = derive(0, 16);
  if (suite === 'AEAD_AES_128_GCM') return gcmOpener(key, derive(2, 12));
  return counterOpener(key, derive(2, 14), derive(1, 20));
}

function gcmOpener(key: Buffer, salt: Buffer): Opener {
  return (packet) => {
    const iv = Buffer.alloc(12);
    packet.copy(iv, 2, 8, 12);
    packet.copy(iv, 10, 2, 4);
    for (let i = 0; i < iv.length; i++) iv[i] = iv[i]! ^ salt[i]!;
    const opening = createDecipheriv('aes-128-gcm', key, iv);
    const headerLength = headerLengthOf(packet);
    opening.setAAD(packet.subarray(0, headerLength));
    opening.setAuthTag(packet.subarray(-16));
    return Buffer.concat([opening.update(packet.subarray(headerLength, -16)), opening.final()]);
  };
}

function counterOpener(key: Buffer, salt: Buffer, authKey: Buffer): Opener {
  const rolloverCounter = Buffer.alloc(4);
  return (packet) => {
    const content = packet.subarray(0, -10);
    const tag = createHmac('sha1', authKey).update(content).update(rolloverCounter).digest().subarray(0, 10);
    if (!tag.equals(packet.subarray(-10))) throw new Error('the tag of an SRTP packet is wrong');
    const iv = Buffer.alloc(16);
    salt.copy(iv);
    for (let i = 0; i < 4; i++) iv[4 + i] = iv[4 + i]! ^ packet[8 + i]!;
    for (let i = 0; i < 2; i++) iv[12 + i] = iv[12 + i]! ^ packet[2 + i]!;
    return createDecipheriv('aes-128-ctr', key, iv).update(content.subarray(headerLengthOf(packet)));
  };
}
