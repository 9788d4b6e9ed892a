import type { PeerId } from '@potluck/protocol';
import type { ConnectionState, LocalTrackState, RoomState } from '../api.ts';

const off: LocalTrackState = { kind: 'off' };

/** Before anything is known. */
export const initialState = (roomId: string, id: PeerId, displayName: string): RoomState => ({
  roomId,
  connection: { kind: 'joining' },
  me: {
    id,
    displayName,
    handRaisedAt: undefined,
    role: 'speaker',
    permissions: [],
    microphone: off,
    camera: off,
    screen: off,
    screenAudio: off,
  },
  participants: [],
  chat: [],
  files: [],
  activeSpeaker: undefined,
  speaking: [],
  downlink: undefined,
  clockOffset: 0,
  rules: { locked: false, passwordSet: false },
  lobby: [],
});

export type Recovery = { attempt: number; since: number };

/** What is shown of the two things that may be under repair; without signalling the media cannot be repaired either. */
export function connectionOf(signalling: Recovery | undefined, media: Recovery | undefined): ConnectionState {
  if (signalling !== undefined) return { kind: 'reconnecting', what: 'signalling', ...signalling };
  if (media !== undefined) return { kind: 'reconnecting', what: 'media', ...media };
  return { kind: 'connected' };
}
