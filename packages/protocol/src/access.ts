import { z } from 'zod';
import { PeerId } from './ids.ts';

/** What somebody is in a room. Each may do all that the next may, and more. */
export const Role = z.enum(['host', 'cohost', 'speaker', 'viewer']);
export type Role = z.infer<typeof Role>;

/** Everything that needs a right. Who has which by default stands in docs/access.md. */
export const Permission = z.enum([
  'publishAudio',
  'publishVideo',
  'publishScreen',
  'publishData',
  'chat',
  'muteOthers',
  'kick',
  'ban',
  'lock',
  'admit',
  'record',
  'end',
  'assignRoles',
]);
export type Permission = z.infer<typeof Permission>;

/** What a token or the operator gives somebody, before the room's own rules. */
export const Grant = z.object({
  /** Absent: as the room decides for people without a token. */
  role: Role.optional(),
  /** Overrides the name that the client says. */
  displayName: z.string().optional(),
  /** Rights beside those of the role. */
  allow: z.array(Permission).default([]),
  /** Rights taken away from those of the role. */
  deny: z.array(Permission).default([]),
  /** Came with a valid token: not asked to wait, not asked for the room's password. */
  invited: z.boolean().default(false),
});
export type Grant = z.infer<typeof Grant>;
/** Of who shows no token: no role, no rights, not invited. */
export const noGrant: Grant = Grant.parse({});

/** Somebody who waits to be let in, `since` in milliseconds since the epoch, by the server's clock. */
export const Waiting = z.object({ peerId: z.string(), displayName: z.string(), since: z.number() });
export type Waiting = z.infer<typeof Waiting>;

/** Somebody who was put out for as long as the room lasts; `since` in milliseconds since the epoch. */
export const Banned = z.object({ peerId: PeerId, displayName: z.string(), since: z.number() });
export type Banned = z.infer<typeof Banned>;
