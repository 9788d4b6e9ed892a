import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Permission, Role } from '@potluck/client';
import { actsOn } from './acts.ts';
import type { Person } from './people.ts';

const person = (changes: Partial<Person> = {}): Person => ({
  id: 'bob',
  name: 'Bob',
  self: false,
  kind: 'peer',
  role: 'speaker',
  silent: false,
  camera: true,
  screen: false,
  handRaised: false,
  reconnecting: false,
  ...changes,
});
const moderating: Permission[] = ['muteOthers', 'kick', 'ban'];
const host = { role: 'host' as Role, permissions: [...moderating, 'assignRoles'] as Permission[] };
const cohost = { role: 'cohost' as Role, permissions: moderating };

describe('actsOn', () => {
  it('offers what fits what somebody sends and is', () => {
    assert.deepEqual(actsOn(person(), host), ['mute', 'stop-camera', 'make-cohost', 'make-viewer', 'kick', 'ban']);
    const quiet = person({ silent: true, camera: false, screen: true, role: 'cohost' });
    assert.deepEqual(actsOn(quiet, host), ['ask-microphone', 'stop-screen', 'make-speaker', 'kick', 'ban']);
    const viewer = person({ silent: true, camera: false, role: 'viewer' });
    assert.deepEqual(actsOn(viewer, host), ['make-cohost', 'make-speaker', 'kick', 'ban']);
  });

  it('offers nothing against oneself, streams, equals of a co-host and those above', () => {
    assert.deepEqual(actsOn(person({ self: true }), host), []);
    assert.deepEqual(actsOn(person({ kind: 'broadcaster' }), host), []);
    assert.deepEqual(actsOn(person({ role: 'cohost' }), cohost), []);
    assert.deepEqual(actsOn(person({ role: 'host' }), cohost), []);
    assert.deepEqual(actsOn(person(), cohost), ['mute', 'stop-camera', 'kick', 'ban']);
    assert.deepEqual(actsOn(person(), { role: 'speaker', permissions: ['chat'] }), []);
  });
});
