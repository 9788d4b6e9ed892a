import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DoorKind } from '@potluck/protocol';
import { refusalOf } from './refusal.ts';

const now = 1_700_000_000_000;
const roomId = 'kitchen';
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenWith = (claims: unknown) => `${encode({ alg: 'HS256' })}.${encode(claims)}.x`;
const reasonOf = (door: DoorKind, token?: string) => refusalOf({ door, now }, { roomId, token })?.reason;

describe('a refusal', () => {
  it('has its own reason for each kind of door', () => {
    const doors = ['open', 'lobby', 'password', 'tokenNeeded', 'locked', 'banned', 'full', 'taken'] as const;
    assert.deepEqual(
      doors.map((door) => reasonOf(door)),
      [undefined, undefined, 'passwordNeeded', 'tokenNeeded', 'locked', 'banned', 'full', 'refused'],
    );
  });

  it('reads from a refused token whether it ran out or is for another room', () => {
    const later = now / 1000 + 60;
    assert.equal(reasonOf('tokenRefused', tokenWith({ exp: now / 1000, room: roomId })), 'tokenExpired');
    assert.equal(reasonOf('tokenRefused', tokenWith({ exp: later, room: 'cellar' })), 'tokenForOtherRoom');
    assert.equal(reasonOf('tokenRefused', tokenWith({ exp: later, room: 'küche 厨房' })), 'tokenForOtherRoom');
    for (const room of [roomId, '*', undefined])
      assert.equal(reasonOf('tokenRefused', tokenWith({ exp: later, room })), 'tokenRefused');
  });

  it('survives tokens that are none', () => {
    for (const token of [undefined, '', 'x', 'a.b.c', '..', `a.${encode(null)}.c`, 'a.%%%.c'])
      assert.equal(reasonOf('tokenRefused', token), 'tokenRefused');
  });
});
