import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Permission, Role } from '@potluck/protocol';
import { SignJWT } from 'jose';

export type TokenWish = {
  /** `*` for every room. */
  readonly room: string;
  readonly role: Role;
  readonly name?: string | undefined;
  readonly subject?: string | undefined;
  readonly allow?: readonly Permission[] | undefined;
  readonly deny?: readonly Permission[] | undefined;
  readonly lifetimeSeconds: number;
};

export const ownIssuer = 'potluck';
export const ownAlgorithm = 'HS256';

export const secretKey = (secret: string): KeyObject => createSecretKey(Buffer.from(secret, 'base64url'));

/** Signs a token with the secret of this server. */
export async function issueToken(
  secret: string,
  wish: TokenWish,
  now = new Date(),
): Promise<{ token: string; expiresAt: Date }> {
  const { room, role, name, subject, allow = [], deny = [], lifetimeSeconds } = wish;
  const issuedAt = Math.floor(now.getTime() / 1000);
  const expiresAt = issuedAt + lifetimeSeconds;
  const rights = allow.length > 0 || deny.length > 0;
  const claims = { room, role, ...(name !== undefined && { name }), ...(rights && { permissions: { allow, deny } }) };
  const unsigned = new SignJWT(claims)
    .setProtectedHeader({ alg: ownAlgorithm, typ: 'JWT' })
    .setIssuer(ownIssuer)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt);
  if (subject !== undefined) unsigned.setSubject(subject);
  return { token: await unsigned.sign(secretKey(secret)), expiresAt: new Date(expiresAt * 1000) };
}
