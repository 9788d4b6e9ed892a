import { createContext, useContext, useSyncExternalStore } from 'react';
import type { RoomState } from '@potluck/client';
import type { Readings } from '../stats/readings.ts';
import type { Store } from '../state/store.ts';
import { useStore } from '../state/use-store.ts';
import type { Actions } from './actions.ts';
import type { Floating } from './floating.ts';
import { inviteOrigin } from './invite-origin.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { CallRoom } from './port.ts';
import type { CallUi } from './ui.ts';

export type CallContextValue = {
  room: CallRoom;
  roomId: string;
  /** The invite link under an origin. */
  linkAt(origin: string): string;
  /** Sound and picture are encrypted end to end. */
  encrypted: boolean;
  /** Allows to make the network bad. */
  throttleSecret: string | undefined;
  /** Draws boxes around faces. */
  faceDetection: boolean;
  ui: Store<CallUi>;
  notices: NoticeBoard;
  readings: Readings;
  floating: Floating;
  actions: Actions;
};

const CallContext = createContext<CallContextValue | undefined>(undefined);
export const CallProvider = CallContext;

export function useCall(): CallContextValue {
  const value = useContext(CallContext);
  if (value === undefined) throw new Error('useCall outside of a call');
  return value;
}

/** The invite link. */
export function useLink(): string {
  const { linkAt } = useCall();
  return linkAt(useStore(inviteOrigin));
}

/** A part of the room's state. The selector must give back parts as they are, or primitives. */
export function useRoom<T>(select: (state: RoomState) => T): T {
  const { room } = useCall();
  return useSyncExternalStore(room.subscribe, () => select(room.snapshot()));
}

export function useUi(): CallUi;
/** A part of it; drawn again only when that changes. The same rules as for `useRoom`. */
export function useUi<T>(select: (ui: CallUi) => T): T;
export function useUi(select: (ui: CallUi) => unknown = (ui) => ui): unknown {
  const { ui } = useCall();
  return useSyncExternalStore(ui.subscribe, () => select(ui.get()));
}
