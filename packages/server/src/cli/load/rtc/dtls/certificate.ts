import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

export type Certificate = { readonly der: Buffer; readonly key: KeyObject; readonly fingerprint: string };

/** A certificate for DTLS, which nobody trusts but by its fingerprint. All clients of a process share one. */
export async function makeCertificate(): Promise<Certificate> {
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'potluck load' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
  });
  const { raw, fingerprint256 } = new X509Certificate(made.cert);
  return { der: raw, key: createPrivateKey(made.private), fingerprint: fingerprint256 };
}
