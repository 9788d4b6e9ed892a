/**
 * A call of two in a process of its own: `node caller.ts HTTP_URL WS_URL`. Says `{"frames":…,"asked":[…]}` every second:
 * pictures that arrived at either side, and the milliseconds that requests took meanwhile.
 */
import { openRoom } from '@potluck/client';
import { waitFor } from '@potluck/testkit';
import { joinV3, openV3 } from '@potluck/testkit/v3-client';
import { fakeCamera, testRuntime, watchVideo } from '../sdk/runtime.ts';

const [http = '', ws = ''] = process.argv.slice(2);
const roomId = 'calm';
const camera = fakeCamera();
const join = async (peerId: string) => {
  const runtime = testRuntime();
  const room = openRoom(http, { roomId, displayName: peerId, peerId, runtime, camera: { track: camera.track } });
  await room.joined;
  return room;
};
const rooms = [await join('ann'), await join('bob')];
const watched = await Promise.all(
  rooms.map(async (room) => {
    const track = await waitFor(
      () => room.state.participants[0]?.tracks.find(({ source }) => source === 'camera')?.track,
      {
        what: 'the other picture',
      },
    );
    return watchVideo(track);
  }),
);
const frames = () => watched.reduce((sum, { frames: seen }) => sum + seen, 0);

const asking = await openV3(ws, { roomId, peerId: 'asking' });
await joinV3(asking);
let asked: number[] = [];
const ask = async () => {
  for (;;) {
    const began = performance.now();
    await asking.request('getRouterRtpCapabilities');
    asked.push(performance.now() - began);
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
};
let last = frames();
let at = performance.now();
setInterval(() => {
  const now = performance.now();
  const count = frames();
  process.send?.({ fps: ((count - last) * 1000) / (now - at) / 2, asked });
  [last, at, asked] = [count, now, []];
}, 1_000);
process.on('disconnect', () => process.exit());
await ask();
