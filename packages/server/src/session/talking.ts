import { AppError } from '@potluck/kernel';
import { postChat, rename, setHandRaised, showReaction } from '../room/presence.ts';
import type { HandlerMap, JoinedContext } from './dispatch.ts';

/** What a joined peer says and shows of itself. */
export const talking = {
  changeDisplayName({ displayName }, { room, member, grant }) {
    // Who came with a name in its token cannot pose as another.
    if (grant.displayName !== undefined) throw new AppError('forbidden', 'your name was given with your token');
    rename(room, member, displayName);
    return {};
  },

  sendChat: ({ id, text }, { room, member }) => postChat(room, member, id, text),

  setHandRaised({ raised }, { room, member }) {
    setHandRaised(room, member, raised);
    return {};
  },

  sendReaction({ emoji }, { room, member }) {
    showReaction(room, member, emoji);
    return {};
  },
} satisfies HandlerMap<JoinedContext>;
