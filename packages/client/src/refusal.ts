import { assertNever, AppError, type ErrorCode } from '@potluck/kernel';
import type { DoorAnswer } from '@potluck/protocol';
import type { EndedReason } from './api.ts';

export type Refusal = { readonly reason: EndedReason; readonly error: AppError };

const refusal = (reason: EndedReason, code: ErrorCode, message: string): Refusal => ({
  reason,
  error: new AppError(code, message),
});

/** What an answer of the door means for somebody who was refused; `undefined` where trying on is right. */
export function refusalOf(
  { door, now }: DoorAnswer,
  { roomId, token }: { roomId: string; token?: string | undefined },
): Refusal | undefined {
  switch (door) {
    case 'open':
    case 'lobby':
      return undefined;
    case 'password':
      return refusal('passwordNeeded', 'unauthorized', 'this room has a password');
    case 'tokenNeeded':
      return refusal('tokenNeeded', 'unauthorized', 'this server lets in only who has a token');
    case 'tokenRefused':
      return refusedToken(token, roomId, now);
    case 'locked':
      return refusal('locked', 'forbidden', 'this room is locked');
    case 'banned':
      return refusal('banned', 'forbidden', 'you were put out of this room');
    case 'full':
      return refusal('full', 'unavailable', 'the room is full');
    case 'taken':
      return refusal('refused', 'conflict', 'somebody is in the room under this id');
    default:
      return assertNever(door);
  }
}

/** The server does not say why. Whoever holds a token can read it: that tells the two everyday reasons. */
function refusedToken(token: string | undefined, roomId: string, now: number): Refusal {
  const { exp, room } = claimsOf(token ?? '');
  if (typeof exp === 'number' && exp * 1000 <= now) {
    return refusal('tokenExpired', 'unauthorized', 'this token has run out');
  }
  if (typeof room === 'string' && room !== '*' && room !== roomId) {
    return refusal('tokenForOtherRoom', 'unauthorized', 'this token is for another room');
  }
  return refusal('tokenRefused', 'unauthorized', 'this token is not valid here');
}

/** Unverified: for words on screen alone. */
function claimsOf(token: string): { exp?: unknown; room?: unknown } {
  try {
    const text = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
