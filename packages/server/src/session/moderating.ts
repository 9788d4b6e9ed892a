import { AppError } from '@potluck/kernel';
import { askToUnmute, ban, kick, liftBan, muteParticipant, setPermission, setRole } from '../room/moderation.ts';
import type { HandlerMap, JoinedContext } from './dispatch.ts';

/** What a joined peer does to others and to the room. The right to it is checked before (rules.ts). */
export const moderating = {
  async muteParticipant({ peerId, source }, { room, member }) {
    await muteParticipant(room, member, peerId, source);
    return {};
  },

  askToUnmute({ peerId, source }, { room, member }) {
    askToUnmute(room, member, peerId, source);
    return {};
  },

  kick({ peerId }, { room, member }) {
    kick(room, member, peerId);
    return {};
  },

  ban({ peerId }, { room, member }) {
    ban(room, member, peerId);
    return {};
  },

  listBans: (_input, { room }) => ({ banned: room.door.bans.list }),

  liftBan({ peerId }, { room }) {
    liftBan(room, peerId);
    return {};
  },

  setLocked({ locked }, { room }) {
    room.door.locked = locked;
    room.events.emit('rulesChanged');
    return {};
  },

  setPassword({ password }, { room }) {
    room.door.setPassword(password);
    room.events.emit('rulesChanged');
    return {};
  },

  admitWaiting({ peerId }, { room }) {
    room.door.admit(peerId);
    room.events.emit('lobbyChanged');
    room.events.emit('lobbyDecided', peerId, true);
    return {};
  },

  denyWaiting({ peerId }, { room }) {
    room.door.deny(peerId);
    room.events.emit('lobbyChanged');
    room.events.emit('lobbyDecided', peerId, false);
    const waiting = room.members.get(peerId);
    if (waiting !== undefined) room.expel(waiting, 'denied', 'nobody let you in');
    return {};
  },

  setRole({ peerId, role }, { room, member }) {
    if (peerId === member.id)
      throw new AppError('conflict', 'make somebody else host first: they can then change your role');
    setRole(room, member, peerId, role);
    return {};
  },

  setPermission({ peerId, permission, allowed }, { room, member }) {
    setPermission(room, member, peerId, permission, allowed);
    return {};
  },

  endRoom(_input, { room, member, afterAnswer }) {
    room.log.info('meeting ended by a host', { peerId: member.id });
    afterAnswer(() => room.close('the host ended the meeting'));
    return {};
  },
} satisfies HandlerMap<JoinedContext>;
