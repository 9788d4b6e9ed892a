import type { Unsubscribe } from '@potluck/kernel';

/** Tells how loud a track is, 0 to 1, once a frame while the page is seen. */
export function watchLevel(track: MediaStreamTrack, tell: (level: number) => void): Unsubscribe {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let level = 0;
  let frame = 0;
  const look = () => {
    analyser.getFloatTimeDomainData(samples);
    // Falls slowly, so that words are seen and not single samples.
    level = Math.max(levelOf(samples), level * 0.9);
    tell(level);
    frame = requestAnimationFrame(look);
  };
  frame = requestAnimationFrame(look);
  return () => {
    cancelAnimationFrame(frame);
    source.disconnect();
    context.close().catch(() => {});
  };
}

/** Loudness on the scale of ears: 0 for -60 dBFS and less, 1 for full scale. */
export function levelOf(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += samples[index]! ** 2;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 + decibels / 60));
}
