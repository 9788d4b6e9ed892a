import type { Logger } from '@potluck/kernel';
import type { Config } from '../config/schema.ts';
import { Access } from './access.ts';
import { ownAlgorithm, ownIssuer, secretKey } from './issuing.ts';
import { readPublicKeys } from './key.ts';
import type { ResolvedMode } from './mode.ts';
import { keptSecret } from './private-file.ts';
import { remoteKeys } from './remote-keys.ts';
import { TokenVerifier, type TokenSource } from './verifier.ts';

/** What an OpenID provider may sign with; never a shared secret. */
const providerAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
const fileAlgorithms = ['EdDSA', 'Ed25519', 'ES256'];

/** The secret that tokens of this server are signed with; made at the first start. */
export const tokenSecret = (folder: string, log: Logger): Promise<string> =>
  keptSecret({ folder, name: 'token-secret', what: 'secret of access tokens', log });

/** Reads or makes the secrets and keys that the settings name. Rejects with one sentence that names the file. */
export async function openAccess({ access, data }: Config, { mode }: ResolvedMode, log: Logger): Promise<Access> {
  const secret = await tokenSecret(data.folder, log);
  const apiKey =
    access.apiKey ?? (await keptSecret({ folder: data.folder, name: 'api-key', what: 'key of the HTTP API', log }));
  const verifier = new TokenVerifier(await tokenSources(access, secret), {
    maxLifetimeSeconds: access.maxTokenHours * 3_600,
  });
  return new Access({ verifier, tokenSecret: secret, apiKey, mode, log });
}

async function tokenSources(access: Config['access'], secret: string): Promise<TokenSource[]> {
  const { oidcKeysUrl, oidcIssuer, oidcAudience, oidcRole, tokenKeysFile, tokenIssuer, tokenAudience } = access;
  const own = { algorithms: [ownAlgorithm], key: secretKey(secret) };
  const sources: TokenSource[] = [{ keys: [own], algorithms: own.algorithms, issuer: ownIssuer }];
  // The provider first: it is told by its issuer, while keys from a file may go without one.
  if (oidcKeysUrl !== undefined) {
    sources.push({
      keys: remoteKeys(oidcKeysUrl),
      algorithms: providerAlgorithms,
      issuer: oidcIssuer,
      audience: oidcAudience,
      defaults: { room: '*', role: oidcRole },
    });
  }
  if (tokenKeysFile !== undefined) {
    const keys = await readPublicKeys(tokenKeysFile);
    sources.push({ keys, algorithms: fileAlgorithms, issuer: tokenIssuer, audience: tokenAudience });
  }
  return sources;
}
