import type { PeerId } from '@potluck/protocol';
import type { LocalTrackState, RoomState } from '../api.ts';

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
