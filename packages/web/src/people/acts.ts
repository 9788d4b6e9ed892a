import type { Permission, Role } from '@potluck/client';
import type { Person } from './people.ts';

/** What one may do to somebody. */
export type Act =
  | 'ask-microphone'
  | 'mute'
  | 'stop-camera'
  | 'stop-screen'
  | 'make-cohost'
  | 'make-speaker'
  | 'make-viewer'
  | 'kick'
  | 'ban';

type Actor = { readonly role: Role; readonly permissions: readonly Permission[] };

const rank: { readonly [R in Role]: number } = { host: 3, cohost: 2, speaker: 1, viewer: 0 };

/** What is offered: what the server would do, as far as it makes sense now. */
export function actsOn(person: Person, { role, permissions }: Actor): Act[] {
  if (person.self || person.kind === 'broadcaster') return [];
  if (role !== 'host' && rank[role] <= rank[person.role]) return [];
  const acts: Act[] = [];
  if (permissions.includes('muteOthers')) {
    if (person.silent && person.role !== 'viewer') acts.push('ask-microphone');
    if (!person.silent) acts.push('mute');
    if (person.camera) acts.push('stop-camera');
    if (person.screen) acts.push('stop-screen');
  }
  if (permissions.includes('assignRoles')) {
    if (person.role === 'speaker' || person.role === 'viewer') acts.push('make-cohost');
    if (person.role !== 'speaker') acts.push('make-speaker');
    if (person.role === 'speaker') acts.push('make-viewer');
  }
  if (permissions.includes('kick')) acts.push('kick');
  if (permissions.includes('ban')) acts.push('ban');
  return acts;
}
