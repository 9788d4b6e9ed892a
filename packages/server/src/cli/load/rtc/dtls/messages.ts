import { randomBytes } from 'node:crypto';

/** ECDHE with an ECDSA or RSA certificate, AES-128-GCM: what every server of WebRTC has (RFC 8827 §6.5). */
const cipherSuites = [0xc02b, 0xc02f];
const secp256r1 = 23;
/** ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, rsa_pkcs1_sha256. */
export const signatureScheme = { ecdsa: 0x0403, pss: 0x0804, rsa: 0x0401 } as const;
/** RFC 7714 §14.2: AEAD_AES_128_GCM. */
const srtpProfile = 0x0007;
const extension = {
  groups: 10,
  pointFormats: 11,
  signatures: 13,
  useSrtp: 14,
  masterSecret: 23,
  renegotiation: 0xff01,
};

const u8 = (value: number) => Buffer.from([value]);
const u16 = (...values: number[]) => Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
const u24 = (value: number) => Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
const vector8 = (body: Buffer) => Buffer.concat([u8(body.length), body]);
const vector16 = (body: Buffer) => Buffer.concat([u16(body.length), body]);
const vector24 = (body: Buffer) => Buffer.concat([u24(body.length), body]);

export const newRandom = (): Buffer => randomBytes(32);

export function clientHello(random: Buffer, cookie: Buffer): Buffer {
  const extensions = [
    [extension.groups, vector16(u16(secp256r1))],
    [extension.pointFormats, vector8(u8(0))],
    [extension.signatures, vector16(u16(...Object.values(signatureScheme)))],
    [extension.useSrtp, Buffer.concat([vector16(u16(srtpProfile)), u8(0)])],
    [extension.masterSecret, Buffer.alloc(0)],
    [extension.renegotiation, u8(0)],
  ] as const;
  return Buffer.concat([
    u16(0xfefd),
    random,
    vector8(Buffer.alloc(0)),
    vector8(cookie),
    vector16(u16(...cipherSuites)),
    vector8(u8(0)),
    vector16(Buffer.concat(extensions.map(([type, body]) => Buffer.concat([u16(type), vector16(body)])))),
  ]);
}

export const readCookie = (helloVerifyRequest: Buffer): Buffer =>
  helloVerifyRequest.subarray(3, 3 + helloVerifyRequest.readUInt8(2));

/** Throws when the server chose what we cannot. */
export function readServerHello(body: Buffer): { random: Buffer; extendedMasterSecret: boolean } {
  let at = 35 + body.readUInt8(34);
  const suite = body.readUInt16BE(at);
  if (!cipherSuites.includes(suite)) throw new Error(`the server chose the cipher suite 0x${suite.toString(16)}`);
  at += 5;
  const found = new Map<number, Buffer>();
  while (at + 4 <= body.length) {
    const length = body.readUInt16BE(at + 2);
    found.set(body.readUInt16BE(at), body.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (found.get(extension.useSrtp)?.readUInt16BE(2) !== srtpProfile) {
    throw new Error('the server does not agree to SRTP with AES-128-GCM');
  }
  return { random: body.subarray(2, 34), extendedMasterSecret: found.has(extension.masterSecret) };
}

/** The server's own certificate in DER; those of who signed it do not matter here. */
export function readCertificate(body: Buffer): Buffer {
  const length = body.readUIntBE(3, 3);
  return body.subarray(6, 6 + length);
}

export const certificateMessage = (der: Buffer): Buffer => vector24(vector24(der));

export type KeyExchange = { publicKey: Buffer; signed: Buffer; scheme: number; signature: Buffer };

export function readServerKeyExchange(body: Buffer): KeyExchange {
  if (body.readUInt8(0) !== 3 || body.readUInt16BE(1) !== secp256r1) {
    throw new Error('the server chose another curve than P-256');
  }
  const end = 4 + body.readUInt8(3);
  return {
    publicKey: body.subarray(4, end),
    signed: body.subarray(0, end),
    scheme: body.readUInt16BE(end),
    signature: body.subarray(end + 4, end + 4 + body.readUInt16BE(end + 2)),
  };
}

export const clientKeyExchange = (publicKey: Buffer): Buffer => vector8(publicKey);
export const certificateVerify = (signature: Buffer): Buffer =>
  Buffer.concat([u16(signatureScheme.ecdsa), vector16(signature)]);
