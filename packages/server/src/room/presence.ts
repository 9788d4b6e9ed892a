import type { ChatMessage } from '@potluck/protocol';
import type { JoinedMember } from './member.ts';
import type { Room } from './room.ts';

/** What others see of a member while it is in the room, and what it says. That it may is checked before (session/rules.ts). */

export function rename(room: Room, member: JoinedMember, displayName: string): void {
  const oldDisplayName = member.state.profile.displayName;
  member.state.profile.displayName = displayName;
  room.events.emit('memberRenamed', member, oldDisplayName);
}

/** Whether its signalling is there, or expected back. */
export function setConnection(room: Room, member: JoinedMember, connection: 'connected' | 'reconnecting'): void {
  if (member.state.profile.connection === connection) return;
  member.state.profile.connection = connection;
  room.events.emit('connectionChanged', member);
}

export function setHandRaised(room: Room, member: JoinedMember, raised: boolean): void {
  const { profile } = member.state;
  if ((profile.handRaisedAt !== undefined) === raised) return;
  profile.handRaisedAt = raised ? room.clock.now() : undefined;
  room.events.emit('handChanged', member);
}

export function showReaction(room: Room, member: JoinedMember, emoji: string): void {
  room.events.emit('reactionShown', member, emoji);
}

/** Says something to everyone. Saying it twice (same id) answers the first and tells nobody again. */
export function postChat(room: Room, member: JoinedMember, id: string, text: string): ChatMessage {
  const { displayName = '' } = member.state.profile;
  const posted = room.chat.post({ id, peerId: member.id, displayName, text, sentAt: room.clock.now() });
  if (posted.fresh) room.events.emit('chatPosted', posted.message);
  return posted.message;
}
