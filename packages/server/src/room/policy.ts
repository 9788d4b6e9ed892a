import { Permission, type Grant, type Role, type Source } from '@potluck/protocol';
import type { AccessMode } from './access-mode.ts';

/** Who may do what. Pure: decides on plain data, knows no room. */

const everything = Permission.options;
const speaking = ['publishAudio', 'publishVideo', 'publishScreen', 'publishData', 'chat'] as const;
const moderating = ['muteOthers', 'kick', 'ban', 'lock', 'admit'] as const;

/** What each role may do, unless rights are given or taken. */
export const rolePermissions: { readonly [R in Role]: readonly Permission[] } = {
  host: everything,
  cohost: [...speaking, ...moderating, 'record'],
  speaker: speaking,
  viewer: ['chat'],
};

/** Somebody's rights in a room: a role, and single rights given or taken. */
export type Standing = {
  readonly role: Role;
  readonly allow: ReadonlySet<Permission>;
  readonly deny: ReadonlySet<Permission>;
};

export const standingOf = (role: Role, { allow, deny }: Pick<Grant, 'allow' | 'deny'>): Standing => ({
  role,
  allow: new Set(allow),
  deny: new Set(deny),
});

/** What was taken is taken, also from a role that has it. */
export function may({ role, allow, deny }: Standing, permission: Permission): boolean {
  if (deny.has(permission)) return false;
  return allow.has(permission) || rolePermissions[role].includes(permission);
}

export const permissionsOf = (standing: Standing): Permission[] => everything.filter((right) => may(standing, right));

const rank: { readonly [R in Role]: number } = { host: 3, cohost: 2, speaker: 1, viewer: 0 };

/** Nobody acts against a higher role, and only hosts against hosts. */
export const mayActOn = (actor: Standing, target: Standing): boolean =>
  actor.role === 'host' || rank[actor.role] > rank[target.role];

/**
 * Whether a newcomer may take the id of somebody who is there. On open servers as in v3, where a client that lost its
 * connection comes back under its id; elsewhere it must prove to be the same, or look like it and be no less.
 */
export const mayReplace = (
  mode: AccessMode,
  facts: { hasSecret: boolean; sameAddress: boolean; role: Role; ownerRole: Role },
): boolean => mode === 'open' || facts.hasSecret || (facts.sameAddress && rank[facts.role] >= rank[facts.ownerRole]);

/** One right more or less. */
export function changed(standing: Standing, permission: Permission, allowed: boolean): Standing {
  const allow = new Set(standing.allow);
  const deny = new Set(standing.deny);
  (allowed ? deny : allow).delete(permission);
  (allowed ? allow : deny).add(permission);
  return { role: standing.role, allow, deny };
}

const publishing: { readonly [S in Source]: Permission } = {
  microphone: 'publishAudio',
  camera: 'publishVideo',
  screen: 'publishScreen',
  'screen-audio': 'publishScreen',
  other: 'publishVideo',
};

/** The right that a track needs. */
export const permissionToPublish = (source: Source): Permission => publishing[source];
/** The right that a data channel needs. */
export const permissionToPublishData = (label: string): Permission => (label === 'chat' ? 'chat' : 'publishData');
