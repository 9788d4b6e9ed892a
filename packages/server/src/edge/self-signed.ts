import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { TlsPair } from './listener.ts';

export type Subject = {
  readonly commonName: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** DNS names and IP addresses that the certificate is good for; none is one that nobody checks by name. */
  readonly names: readonly string[];
};

/** A certificate for a server that signs itself, as PEM with its key: ECDSA on P-256 with SHA-256 (RFC 5280, RFC 5758). */
export function makeSelfSigned({ commonName, validFrom, validTo, names }: Subject): TlsPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid.commonName, der(0x0c, Buffer.from(commonName)))));
  const signed = sequence(
    der(0xa0, integer(2)), // version 3
    der(0x02, serialNumber()),
    sequence(oid.ecdsaWithSha256),
    name,
    sequence(time(validFrom), time(validTo)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions(names))),
  );
  const certificate = sequence(signed, sequence(oid.ecdsaWithSha256), bitString(sign('sha256', signed, privateKey)));
  return {
    cert: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function extensions(names: readonly string[]): Buffer[] {
  const critical = der(0x01, Buffer.from([0xff]));
  return [
    // Not a certificate authority: what is left out is false.
    sequence(oid.basicConstraints, critical, octets(sequence())),
    // digitalSignature: the first of the bits, the other seven of its octet are unused.
    sequence(oid.keyUsage, critical, octets(der(0x03, Buffer.from([7, 0x80])))),
    sequence(oid.extKeyUsage, octets(sequence(oid.serverAuth))),
    ...(names.length > 0 ? [sequence(oid.subjectAltName, octets(sequence(...names.map(generalName))))] : []),
  ];
}

/** RFC 5280 §4.2.1.6: dNSName is 2, iPAddress 7. */
function generalName(name: string): Buffer {
  if (isIPv4(name)) return der(0x87, Buffer.from(name.split('.').map(Number)));
  return isIPv6(name) ? der(0x87, addressBytes(name)) : der(0x82, Buffer.from(name, 'ascii'));
}

function addressBytes(address: string): Buffer {
  // A URL holds it in one spelling: groups of hexadecimal digits, at most one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const bytes = Buffer.alloc(16);
  first.forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  last.forEach((group, index) => bytes.writeUInt16BE(group, 16 + (index - last.length) * 2));
  return bytes;
}

/** Positive, and never with a leading zero octet: 159 random bits under a one. */
function serialNumber(): Buffer {
  const bytes = randomBytes(20);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes;
}

/** RFC 5280 §4.1.2.5: two digits of the year before 2050, four from then on. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/gu, '');
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

/** X.690: a tag, a length, the content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const value = Buffer.concat(content);
  if (value.length < 0x80) return Buffer.concat([Buffer.from([tag, value.length]), value]);
  const length = Buffer.alloc(3);
  length.writeUIntBE(value.length, 0, 3);
  const needed = length.subarray(value.length > 0xff_ff ? 0 : value.length > 0xff ? 1 : 2);
  return Buffer.concat([Buffer.from([tag, 0x80 | needed.length]), needed, value]);
}

const sequence = (...content: Buffer[]): Buffer => der(0x30, ...content);
const set = (...content: Buffer[]): Buffer => der(0x31, ...content);
const octets = (content: Buffer): Buffer => der(0x04, content);
const bitString = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));

const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const oid = {
  commonName: objectId('550403'),
  ecdsaWithSha256: objectId('2a8648ce3d040302'),
  basicConstraints: objectId('551d13'),
  keyUsage: objectId('551d0f'),
  extKeyUsage: objectId('551d25'),
  serverAuth: objectId('2b06010505070301'),
  subjectAltName: objectId('551d11'),
};

const pem = (label: string, content: Buffer): string =>
  [
    `-----BEGIN ${label}-----`,
    ...(content.toString('base64').match(/.{1,64}/gu) ?? []),
    `-----END ${label}-----`,
    '',
  ].join('\n');
