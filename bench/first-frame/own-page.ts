/** Runs in a page: joins with the SDK and shows nothing, as `v3-page.ts` does its own way. `?room=…&peer=…`. */
import { Room } from '@potluck/client';
import { loaded } from './loaded.ts';

const query = new URLSearchParams(location.search);
await loaded();
Room.join(location.origin.replace(/^http/u, 'ws'), {
  roomId: query.get('room') ?? '',
  peerId: query.get('peer') ?? '',
  displayName: 'Bob',
  microphone: true,
  camera: true,
}).catch(console.error);
