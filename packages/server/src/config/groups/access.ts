import { choice, file, flag, group, httpUrl, optionalText, secretText, whole } from '../setting.ts';

export const accessSettings = group(
  {
    title: 'Access',
    doc: 'Who may enter, and who may administer; docs/access.md explains tokens, roles and the HTTP interface.',
  },
  {
    mode: choice(['auto', 'open', 'guests', 'members'], 'auto', {
      flag: 'access',
      doc: 'open: anyone enters. guests: anyone with the link, after a host lets them in. members: only with a token. auto: open while the server is reached from this machine and private networks only, guests otherwise.',
    }),
    maxTokenHours: whole(
      24,
      { min: 1, max: 8_760 },
      {
        flag: 'max-token-hours',
        doc: 'Tokens that are valid for longer from now on are refused, whoever signed them.',
        unit: 'hours',
      },
    ),
    tokenKeysFile: file({
      flag: 'token-keys-file',
      doc: 'Public keys whose tokens are believed: Ed25519 (EdDSA) and P-256 (ES256), in PEM form or as a JWK set.',
      standard: 'none: only tokens signed with the secret in the data folder',
    }),
    tokenIssuer: optionalText({
      flag: 'token-issuer',
      doc: 'What `iss` must be in tokens signed with those keys.',
      standard: 'anything',
    }),
    tokenAudience: optionalText({
      flag: 'token-audience',
      doc: 'What `aud` must name in tokens signed with those keys.',
      standard: 'anything',
    }),
    oidcKeysUrl: httpUrl({
      flag: 'oidc-keys-url',
      doc: 'JWK set of an OpenID provider whose tokens are believed (its `jwks_uri`). Needs oidcIssuer and oidcAudience.',
      standard: 'none',
    }),
    oidcIssuer: optionalText({
      flag: 'oidc-issuer',
      doc: 'What `iss` must be in tokens of the provider.',
      standard: 'none',
    }),
    oidcAudience: optionalText({
      flag: 'oidc-audience',
      doc: 'What `aud` must name in tokens of the provider: how this server is registered there.',
      standard: 'none',
    }),
    oidcRole: choice(['host', 'cohost', 'speaker', 'viewer'], 'speaker', {
      flag: 'oidc-role',
      doc: 'What somebody with a token of the provider is where the token names no role. Without the claim `room` such a token is good for every room.',
    }),
    api: flag(true, {
      flag: 'api',
      doc: 'Whether the HTTP interface for operators and integrators is served under /api/v1. It always asks for its key.',
    }),
    apiKey: secretText({
      flag: 'api-key',
      doc: 'The key of that interface.',
      standard: 'random, made at the first start and kept in the data folder as api-key',
    }),
    apiDescription: flag(true, {
      flag: 'api-description',
      doc: 'Whether /openapi.json and /docs/api are served.',
    }),
  },
);
