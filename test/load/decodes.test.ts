/** What load clients send is real: libwebrtc decodes it, as browsers do. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { openRoom } from '@potluck/client';
import { waitFor } from '@potluck/testkit';
import { startServer } from '@potluck/testkit/server';
import { WebSocket } from 'ws';
import { loadRtc } from '../../packages/server/src/cli/chaos/rtc.ts';
import { Crowd } from '../../packages/server/src/cli/load/crowd.ts';
import { readLoadOptions } from '../../packages/server/src/cli/load/options.ts';
import { exitAfterTests } from '../sdk/runtime.ts';

after(exitAfterTests);

describe('what load clients send', () => {
  it('is seen and heard by libwebrtc', async () => {
    await using server = await startServer({ media: { workers: 1 } });
    const options = readLoadOptions(['--room', 'x', '--url', server.http, '--subscribers', '0', '--speakers', '1']);
    assert.ok(options);
    const crowd = new Crowd(options);
    await crowd.enter(new AbortController().signal);
    const { nonstandard, ...rtc } = loadRtc();
    const room = openRoom(server.http, {
      roomId: 'x',
      displayName: 'viewer',
      produce: false,
      runtime: { ...rtc, WebSocket: WebSocket as never, handlerName: 'Chrome111' },
    });
    const watched = new Set<MediaStreamTrack>();
    const sizes = new Set<string>();
    let frames = 0;
    let loudest = 0;
    const sinks: { stop(): void }[] = [];
    const off = room.subscribe(() => {
      for (const { kind, track } of room.state.participants.flatMap(({ tracks }) => tracks)) {
        if (track === undefined || watched.has(track)) continue;
        watched.add(track);
        if (kind === 'video') {
          const sink = new nonstandard.RTCVideoSink(track);
          sink.onframe = ({ frame }: { frame: { width: number; height: number } }) => {
            frames += 1;
            sizes.add(`${frame.width}x${frame.height}`);
          };
          sinks.push(sink);
        } else {
          const sink = new nonstandard.RTCAudioSink(track);
          sink.ondata = ({ samples }: { samples: Int16Array }) => {
            for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
          };
          sinks.push(sink);
        }
      }
    });
    try {
      await room.joined;
      await waitFor(() => frames > 20 && loudest > 1_000, {
        what: () => `20 frames (${frames}) and a tone (${loudest})`,
        timeoutMs: 20_000,
      });
      assert.ok(
        [...sizes].every((size) => ['320x180', '640x360', '1280x720'].includes(size)),
        [...sizes].join(),
      );
    } finally {
      off();
      for (const sink of sinks) sink.stop();
      await room.leave();
      await crowd.close();
    }
  });
});
