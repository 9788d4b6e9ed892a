import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { IceParameters } from '@potluck/protocol';

/** A connectivity check as a browser sends it (RFC 8445 §7.2.2), with short-term credentials (RFC 8489 §9.1). */
export function bindingRequest({ usernameFragment, password }: IceParameters): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(0x0001, 0);
  header.writeUInt32BE(0x2112a442, 4);
  randomBytes(12).copy(header, 8);
  const tieBreaker = randomBytes(8);
  const attributes = [
    attribute(0x0006, Buffer.from(`${usernameFragment}:potluck`)),
    attribute(0x0024, Buffer.from([0x6e, 0x7f, 0, 0xff])),
    attribute(0x802a, tieBreaker),
    attribute(0x0025, Buffer.alloc(0)),
  ];
  const checked = withLength(Buffer.concat([header, ...attributes]), 24);
  const integrity = attribute(0x0008, createHmac('sha1', password).update(checked).digest());
  const message = withLength(Buffer.concat([checked, integrity]), 8);
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE((crc32(message) ^ 0x5354554e) >>> 0);
  return Buffer.concat([message, attribute(0x8028, fingerprint)]);
}

/** Whether this answers a check with success. */
export const isSuccess = (data: Buffer): boolean => data.length >= 20 && data.readUInt16BE(0) === 0x0101;

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

/** The length field counts the attribute that is about to follow, too. */
function withLength(message: Buffer, following: number): Buffer {
  message.writeUInt16BE(message.length - 20 + following, 2);
  return message;
}
