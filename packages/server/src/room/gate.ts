import type { AccessMode } from './access-mode.ts';

/** Decides who gets in. Pure. */

export type GateRules = {
  readonly mode: AccessMode;
  readonly locked: boolean;
  /** A password is set for newcomers without an invitation. */
  readonly passwordSet: boolean;
};

export type Newcomer = {
  /** Came with a token, or was let in from the lobby. */
  readonly invited: boolean;
  readonly banned: boolean;
  /** Said the right password. */
  readonly passwordRight: boolean;
};

export type GateDecision = 'enter' | 'wait' | 'banned' | 'locked' | 'needsPassword' | 'needsToken';

/** Banned stay out, the invited get in; the others meet lock, password and lobby, in this order. */
export function decideEntry(rules: GateRules, newcomer: Newcomer): GateDecision {
  if (newcomer.banned) return 'banned';
  if (newcomer.invited) return 'enter';
  if (rules.mode === 'members') return 'needsToken';
  if (rules.locked) return 'locked';
  if (rules.passwordSet && !newcomer.passwordRight) return 'needsPassword';
  // Who knows the password is as good as let in.
  if (rules.mode === 'guests' && !newcomer.passwordRight) return 'wait';
  return 'enter';
}
