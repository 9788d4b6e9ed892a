import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from '@potluck/kernel';
import { z } from 'zod';

/** One key that may have signed a token, with the only algorithms that it is used with (RFC 8725 §3.1). */
export type VerifyKey = {
  readonly algorithms: readonly string[];
  /** Absent: tried for tokens with any key id. */
  readonly kid?: string | undefined;
  readonly key: KeyObject | Uint8Array;
};

const maxFileKeys = 32;

const JwkSet = z.object({ keys: z.array(z.looseObject({ kid: z.string().optional() })).max(maxFileKeys) });

/** Public keys from a PEM file or a JWK set (RFC 7517). Rejects with a sentence that names the file and what it may hold. */
export async function readPublicKeys(file: string): Promise<VerifyKey[]> {
  try {
    const text = await readFile(file, 'utf8');
    if (/PRIVATE KEY/u.test(text)) throw new Error('it holds a private key; give its public half');
    if (text.trimStart().startsWith('{')) return fromJwkSet(JSON.parse(text));
    const blocks = text.match(/-----BEGIN (PUBLIC KEY|CERTIFICATE)-----[\s\S]+?-----END \1-----/gu) ?? [];
    if (blocks.length === 0) throw new Error('it holds no PEM block «PUBLIC KEY» and no JSON');
    if (blocks.length > maxFileKeys) throw new Error(`it holds more than ${maxFileKeys} keys`);
    return blocks.map((block) => described(createPublicKey(block)));
  } catch (error) {
    const reason = messageOf(error);
    const allowed = 'allowed: Ed25519 and P-256 public keys, in PEM form or as a JWK set';
    throw new AppError('unavailable', `The token keys ${file} cannot be used (${reason}); ${allowed}.`, {
      cause: error,
    });
  }
}

function fromJwkSet(content: unknown): VerifyKey[] {
  const { keys } = JwkSet.parse(content);
  return keys.map((jwk) => {
    if ('d' in jwk || 'k' in jwk) throw new Error('it holds a secret key; give public keys only');
    return { ...described(createPublicKey({ key: jwk, format: 'jwk' })), kid: jwk.kid };
  });
}

function described(key: KeyObject): VerifyKey {
  if (key.asymmetricKeyType === 'ed25519') return { key, algorithms: ['EdDSA', 'Ed25519'] };
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') {
    return { key, algorithms: ['ES256'] };
  }
  throw new Error(`a key is of the type ${key.asymmetricKeyType ?? 'unknown'}`);
}
