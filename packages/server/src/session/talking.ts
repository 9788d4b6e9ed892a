import { AppError } from '@potluck/kernel';
import type { HandlerMap, JoinedContext } from './dispatch.ts';

/** What a joined peer says and shows of itself. */
export const talking = {
  changeDisplayName({ displayName }, { room, member, grant }) {
    // Who came with a name in its token cannot pose as another.
    if (grant.displayName !== undefined) throw new AppError('forbidden', 'your name was given with your token');
    room.rename(member, displayName);
    return {};
  },

  sendChat: ({ id, text }, { room, member }) => room.postChat(member, id, text),

  setHandRaised({ raised }, { room, member }) {
    room.setHandRaised(member, raised);
    return {};
  },

  sendReaction({ emoji }, { room, member }) {
    room.showReaction(member, emoji);
    return {};
  },
} satisfies HandlerMap<JoinedContext>;
