/** Runs in a page: joins with the SDK and shows nothing, as `v3-page.ts` does its own way. `?room=…&peer=…`. */
import { Room } from '@potluck/client';

const query = new URLSearchParams(location.search);
Room.join(location.origin.replace(/^http/u, 'ws'), {
  roomId: query.get('room') ?? '',
  peerId: query.get('peer') ?? '',
  displayName: 'Bob',
  microphone: true,
  camera: true,
}).catch(console.error);
