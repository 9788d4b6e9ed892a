import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { makeSelfSigned } from '../../../../edge/self-signed.ts';

export type Certificate = { readonly der: Buffer; readonly key: KeyObject; readonly fingerprint: string };

const validMs = 365 * 86_400_000;

/** A certificate for DTLS, which nobody trusts but by its fingerprint. All clients of a process share one. */
export function makeCertificate(now = new Date()): Certificate {
  const made = makeSelfSigned({
    commonName: 'potluck load',
    validFrom: new Date(now.getTime() - validMs),
    validTo: new Date(now.getTime() + validMs),
    names: [],
  });
  const { raw, fingerprint256 } = new X509Certificate(made.cert);
  return { der: raw, key: createPrivateKey(made.key), fingerprint: fingerprint256 };
}
