import { AppError, systemCodeOf } from '@potluck/kernel';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

const timeoutMs = 5_000;
const maxBytes = 256 * 1_024;
const maxKeys = 64;
/** After a failure the provider is left alone for so long: bad tokens must not become a flood of requests to it. */
const quietAfterFailureMs = 10_000;

const KeySet = z.object({ keys: z.array(z.unknown()).max(maxKeys) });

/** The keys of an OpenID provider: fetched when needed, kept for ten minutes, within bounds of time and size. */
export function remoteKeys(url: string, now: () => number = Date.now): JWTVerifyGetKey {
  let failedAt = -Infinity;
  const bounded = async (input: string, init: RequestInit): Promise<Response> => {
    if (now() - failedAt < quietAfterFailureMs) throw new Error('the key server failed a moment ago');
    try {
      const response = await fetch(input, init);
      if (response.status !== 200) throw new Error(`the key server answered ${response.status}`);
      const text = await readAtMost(response, maxBytes);
      return Response.json(KeySet.parse(JSON.parse(text)));
    } catch (error) {
      failedAt = now();
      throw error;
    }
  };
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    [customFetch]: bounded,
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (isAboutTheKey(error)) throw error;
      throw new AppError('unavailable', 'tokens cannot be checked at the moment', { cause: error });
    }
  };
}

const aboutTheKey = new Set(['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS', 'ERR_JOSE_NOT_SUPPORTED']);
const isAboutTheKey = (error: unknown): boolean => aboutTheKey.has(systemCodeOf(error) ?? '');

async function readAtMost(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw new Error(`the key set is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
