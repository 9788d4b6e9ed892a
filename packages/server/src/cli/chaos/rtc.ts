import { createRequire } from 'node:module';
import { AppError } from '@potluck/kernel';

type Wrtc = typeof import('@roamhq/wrtc');

/** libwebrtc for Node, which is there for tests only. */
export function loadRtc(): Wrtc {
  try {
    // It is CommonJS and offers no named exports.
    return createRequire(import.meta.url)('@roamhq/wrtc') as Wrtc;
  } catch (error) {
    throw new AppError('bad_request', 'chaos needs libwebrtc for Node: npm install @roamhq/wrtc', { cause: error });
  }
}

const sampleRate = 48_000;
const samplesPerCall = sampleRate / 100;
const size = { width: 160, height: 90 };

/** A moving picture, 25 times a second, and a tone of 440 Hz; any number of bots may send them. */
export function openSources({ nonstandard }: Wrtc) {
  const video = new nonstandard.RTCVideoSource();
  const data = new Uint8ClampedArray((size.width * size.height * 3) / 2).fill(128);
  let shade = 0;
  const painting = setInterval(() => {
    shade = (shade + 16) % 256;
    data.fill(shade, 0, size.width * size.height);
    video.onFrame({ ...size, data: data as never });
  }, 40);
  const audio = new nonstandard.RTCAudioSource();
  const started = performance.now();
  let calls = 0;
  const humming = setInterval(() => {
    // A timer that was held up catches up: the tone has no hole of its own making.
    const due = Math.floor((performance.now() - started) / 10);
    for (calls = Math.max(calls, due - 20); calls < due; calls++) {
      const samples = Int16Array.from({ length: samplesPerCall }, (_, index) =>
        Math.round(8000 * Math.sin((2 * Math.PI * 440 * (calls * samplesPerCall + index)) / sampleRate)),
      );
      audio.onData({ samples, sampleRate, bitsPerSample: 16, channelCount: 1, numberOfFrames: samplesPerCall });
    }
  }, 10);
  const silence = new nonstandard.RTCAudioSource();
  const close = () => {
    clearInterval(painting);
    clearInterval(humming);
  };
  const clone = (sounds: boolean) => ({
    camera: video.createTrack(),
    microphone: (sounds ? audio : silence).createTrack(),
  });
  return { clone, close };
}
