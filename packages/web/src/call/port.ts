import type { Room } from '@potluck/client';

/** What the views need of a room: the SDK's, or one made up to look at the views. */
export type CallRoom = Pick<
  Room,
  | 'state'
  | 'snapshot'
  | 'subscribe'
  | 'events'
  | 'microphone'
  | 'camera'
  | 'screen'
  | 'setDisplayName'
  | 'sendChat'
  | 'setHandRaised'
  | 'sendReaction'
  | 'setView'
  | 'publishData'
  | 'files'
  | 'moderation'
  | 'stats'
  | 'leave'
> & { readonly throttle: Pick<Room['throttle'], 'apply' | 'reset'> };
