import { createRequire } from 'node:module';
import type { Runtime } from '@potluck/client';
import { WebSocket as NodeWebSocket } from 'ws';

// libwebrtc for Node is CommonJS and offers no named exports.
const wrtc = createRequire(import.meta.url)('@roamhq/wrtc') as typeof import('@roamhq/wrtc');
const { RTCAudioSink, RTCAudioSource, RTCVideoSink, RTCVideoSource } = wrtc.nonstandard;

/** A runtime whose socket a test can cut: no closing handshake, what is under way is lost. */
export type TestRuntime = Runtime & { cut(): void; readonly sockets: number };

export function testRuntime(): TestRuntime {
  const sockets: NodeWebSocket[] = [];
  class CuttableSocket extends NodeWebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols);
      sockets.push(this);
    }
  }
  return {
    WebSocket: CuttableSocket as unknown as NonNullable<Runtime['WebSocket']>,
    handlerName: 'Chrome111',
    RTCPeerConnection: wrtc.RTCPeerConnection,
    MediaStream: wrtc.MediaStream,
    MediaStreamTrack: wrtc.MediaStreamTrack,
    cut: () => sockets.at(-1)?.terminate(),
    get sockets() {
      return sockets.length;
    },
  };
}

/**
 * libwebrtc for Node crashes when the process ends by itself with its objects still to be collected. Call it in the
 * last `after`: the process then ends by `exit`, with the code that the tests set.
 */
export function exitAfterTests(): void {
  setTimeout(() => process.exit(), 300);
}

/** A picture that keeps changing, 20 times a second. */
export function fakeCamera(width = 320, height = 180): { track: MediaStreamTrack } & Disposable {
  const source = new RTCVideoSource();
  const data = new Uint8Array((width * height * 3) / 2).fill(128);
  let shade = 0;
  const painting = setInterval(() => {
    shade = (shade + 16) % 256;
    data.fill(shade, 0, width * height);
    source.onFrame({ width, height, data: new Uint8ClampedArray(data) as never });
  }, 50);
  const track = source.createTrack();
  return {
    track,
    [Symbol.dispose]() {
      clearInterval(painting);
      track.stop();
    },
  };
}

const sampleRate = 48_000;
const samplesPerCall = sampleRate / 100;

/** A tone of 440 Hz. */
export function fakeMicrophone(): { track: MediaStreamTrack } & Disposable {
  const source = new RTCAudioSource();
  let at = 0;
  const humming = setInterval(() => {
    const samples = Int16Array.from({ length: samplesPerCall }, (_, index) =>
      Math.round(8000 * Math.sin((2 * Math.PI * 440 * (at + index)) / sampleRate)),
    );
    at += samplesPerCall;
    source.onData({ samples, sampleRate, bitsPerSample: 16, channelCount: 1, numberOfFrames: samplesPerCall });
  }, 10);
  const track = source.createTrack();
  return {
    track,
    [Symbol.dispose]() {
      clearInterval(humming);
      track.stop();
    },
  };
}

/** Counts decoded frames. */
export function watchVideo(track: MediaStreamTrack): { readonly frames: number; readonly width: number } & Disposable {
  const sink = new RTCVideoSink(track);
  const seen = { frames: 0, width: 0 };
  sink.onframe = ({ frame }: { frame: { width: number } }) => {
    seen.frames += 1;
    seen.width = frame.width;
  };
  return Object.assign(seen, { [Symbol.dispose]: () => sink.stop() });
}

/** Adds up what is heard. */
export function listenTo(track: MediaStreamTrack): { readonly energy: number } & Disposable {
  const sink = new RTCAudioSink(track);
  const heard = { energy: 0 };
  sink.ondata = ({ samples }: { samples: Int16Array }) => {
    heard.energy += samples.reduce((sum: number, sample: number) => sum + Math.abs(sample), 0);
  };
  return Object.assign(heard, { [Symbol.dispose]: () => sink.stop() });
}
