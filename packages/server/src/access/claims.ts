import { cleanLine, displayNameMax, Grant, Permission, Role, RoomId } from '@potluck/protocol';
import { z } from 'zod';

/** Tokens longer than this are not looked at. */
export const maxTokenLength = 8_192;

/** `*` is every room. */
export const RoomClaim = z.union([z.literal('*'), RoomId]);

const Rights = z.array(Permission).max(64);

/** What a token says. Registered names are those of RFC 7519 §4.1 and OpenID Connect (`name`). */
export const Claims = z.object({
  room: RoomClaim,
  role: Role.optional(),
  name: z.string().max(1_000).optional(),
  permissions: z.object({ allow: Rights.default([]), deny: Rights.default([]) }).optional(),
  /** Seconds since the epoch. */
  exp: z.number(),
  iat: z.number().optional(),
  sub: z.string().max(1_000).optional(),
});
export type Claims = z.output<typeof Claims>;

/** What a valid token gives in a room that it names; `undefined` elsewhere. */
export function grantOf(claims: Claims, roomId: string): Grant | undefined {
  if (claims.room !== '*' && claims.room !== roomId) return undefined;
  const name = cleanLine(claims.name ?? '', displayNameMax);
  return Grant.parse({
    invited: true,
    allow: claims.permissions?.allow ?? [],
    deny: claims.permissions?.deny ?? [],
    ...(claims.role !== undefined && { role: claims.role }),
    ...(name !== '' && { displayName: name }),
  });
}
