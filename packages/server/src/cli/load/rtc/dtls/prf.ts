import { createHmac } from 'node:crypto';

/** The pseudorandom function of TLS 1.2 with SHA-256 (RFC 5246 §5). */
export function prf(secret: Buffer, label: string, seed: Buffer, length: number): Buffer {
  const labelled = Buffer.concat([Buffer.from(label), seed]);
  const hmac = (data: Buffer) => createHmac('sha256', secret).update(data).digest();
  const blocks: Buffer[] = [];
  for (let a = hmac(labelled), size = 0; size < length; a = hmac(a), size += 32) {
    blocks.push(hmac(Buffer.concat([a, labelled])));
  }
  return Buffer.concat(blocks).subarray(0, length);
}
