import type { Clock } from '@potluck/kernel';

/** How loud a track is now, in dBFS. */
export type Meter = { level(): number; close(): void };
export type OpenMeter = (track: MediaStreamTrack) => Meter | undefined;

/** Looks so often, and tells at most so often, in milliseconds. */
const lookEveryMs = 20;
const tellEveryMs = 500;
/** Quieter than this is no voice, nor is what stands out of the noise of the room by less, in dB. */
const quietestVoice = -50;
const aboveNoise = 10;
/** Noise is what is heard in the pauses: its measure falls at once and rises by so many dB a look. */
const noiseRise = 0.05;

export type VoiceWatchDeps = {
  /** May be another one at any time. */
  track: () => MediaStreamTrack | undefined;
  openMeter: OpenMeter;
  clock: Clock;
};

/** Tells within some 40 ms that somebody begins to speak. Where nothing can measure it (Node), it never does. */
export function watchVoice({ track, openMeter, clock }: VoiceWatchDeps, spoke: () => void): { close(): void } {
  let metered: MediaStreamTrack | undefined;
  let meter: Meter | undefined;
  let noise = -60;
  let loudLooks = 0;
  let cancel = () => {};
  const look = () => {
    const current = track();
    if (current !== metered) {
      meter?.close();
      metered = current;
      meter = current === undefined ? undefined : openMeter(current);
    }
    const level = current?.enabled === true ? (meter?.level() ?? -Infinity) : -Infinity;
    loudLooks = level > Math.max(quietestVoice, noise + aboveNoise) ? loudLooks + 1 : 0;
    if (level > -Infinity) noise = Math.min(level, noise + noiseRise);
    // One loud look may be a click.
    const speaks = loudLooks >= 2;
    if (speaks) spoke();
    cancel = clock.after(speaks ? tellEveryMs : lookEveryMs, look);
  };
  look();
  return {
    close() {
      cancel();
      meter?.close();
    },
  };
}

/** A meter of the browser's; none where there is no WebAudio. */
export const browserMeter: OpenMeter = (track) => {
  if (typeof AudioContext === 'undefined') return undefined;
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  // The last 21 ms at 48 kHz.
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return power === 0 ? -Infinity : 10 * Math.log10(power);
    },
    close() {
      source.disconnect();
      context.close().catch(() => {});
    },
  };
};
