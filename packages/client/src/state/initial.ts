import type { PeerId } from '@potluck/protocol';
import type { ConnectionState, LocalTrackState, RoomState } from '../api.ts';

const off: LocalTrackState = { kind: 'off' };

/** Before anything is known. */
export const initialState = (roomId: string, id: PeerId, displayName: string): RoomState => ({
  roomId,
  connection: { kind: 'joining' },
  me: { id, displayName, handRaisedAt: undefined, microphone: off, camera: off, screen: off, screenAudio: off },
  participants: [],
  chat: [],
  activeSpeaker: undefined,
  speaking: [],
  downlink: undefined,
  clockOffset: 0,
});

export type Recovery = { attempt: number; since: number };

/** What is shown of the two things that may be under repair; without signalling the media cannot be repaired either. */
export function connectionOf(
  entered: boolean,
  signalling: Recovery | undefined,
  media: Recovery | undefined,
): ConnectionState {
  if (!entered) return { kind: 'joining' };
  if (signalling !== undefined) return { kind: 'reconnecting', what: 'signalling', ...signalling };
  if (media !== undefined) return { kind: 'reconnecting', what: 'media', ...media };
  return { kind: 'connected' };
}
