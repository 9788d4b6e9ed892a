import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { IceParameters } from '@potluck/protocol';

/** RFC 8489 §5: every message has it. */
const magicCookie = 0x2112_a442;
const bindingRequest = 0x0001;
const bindingSuccess = 0x0101;
const attribute = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlling: 0x802a,
} as const;
/** RFC 8445 §5.1.2.1: of a host candidate, which is all that a client without a browser has. */
const hostPriority = (126 << 24) + (65_535 << 8) + 255;

/** A connectivity check (RFC 8445 §7.2) that nominates the pair at once: the server is ICE-lite and takes the first. */
export function bindingRequestOf(remote: IceParameters, localUsername: string, tieBreaker: Buffer): Buffer {
  const priority = Buffer.alloc(4);
  priority.writeUInt32BE(hostPriority);
  const attributes = Buffer.concat([
    encode(attribute.username, Buffer.from(`${remote.usernameFragment}:${localUsername}`)),
    encode(attribute.priority, priority),
    encode(attribute.iceControlling, tieBreaker),
    encode(attribute.useCandidate, Buffer.alloc(0)),
  ]);
  const header = Buffer.alloc(20);
  header.writeUInt16BE(bindingRequest, 0);
  header.writeUInt32BE(magicCookie, 4);
  randomBytes(12).copy(header, 8);
  const signed = withLength(Buffer.concat([header, attributes]), 24);
  const integrity = createHmac('sha1', remote.password).update(signed).digest();
  const whole = withLength(Buffer.concat([signed, encode(attribute.messageIntegrity, integrity)]), 8);
  const check = Buffer.alloc(4);
  check.writeUInt32BE((crc32(whole) ^ 0x5354_554e) >>> 0);
  return Buffer.concat([whole, encode(attribute.fingerprint, check)]);
}

export type StunAnswer = { readonly kind: 'success' } | { readonly kind: 'error'; readonly code: number };

/** `undefined` for what is no answer of a STUN server. */
export function readStunAnswer(message: Buffer): StunAnswer | undefined {
  if (message.length < 20 || message.readUInt32BE(4) !== magicCookie) return undefined;
  if (message.readUInt16BE(0) === bindingSuccess) return { kind: 'success' };
  for (let at = 20; at + 4 <= message.length;) {
    const length = message.readUInt16BE(at + 2);
    if (message.readUInt16BE(at) === attribute.errorCode && at + 8 <= message.length) {
      return { kind: 'error', code: message.readUInt8(at + 6) * 100 + message.readUInt8(at + 7) };
    }
    at += 4 + length + padding(length);
  }
  return undefined;
}

/** The integrity covers a length as if the attribute itself were there already. */
function withLength(message: Buffer, following: number): Buffer {
  message.writeUInt16BE(message.length - 20 + following, 2);
  return message;
}

function encode(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(padding(value.length))]);
}

const padding = (length: number): number => (4 - (length % 4)) % 4;
