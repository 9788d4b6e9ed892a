// Vite only: its `?url` imports give the addresses of built files.
import type { ProcessedTrack } from '@potluck/client';
import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor';
// oxlint-disable-next-line import/default -- an address, made by Vite
import workletUrl from '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url';
import wasmUrl from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url';
import simdUrl from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url';

let model: Promise<ArrayBuffer> | undefined;

/** Takes fans, keyboards and streets out of a microphone, by the RNNoise model in an audio worklet. */
export async function suppressNoise(raw: MediaStreamTrack): Promise<ProcessedTrack> {
  model ??= loadRnnoise({ url: wasmUrl, simdUrl });
  // The model knows 48 kHz only.
  const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
  try {
    const [wasmBinary] = await Promise.all([model, context.audioWorklet.addModule(workletUrl)]);
    const source = context.createMediaStreamSource(new MediaStream([raw]));
    const filter = new RnnoiseWorkletNode(context, { wasmBinary, maxChannels: 1 });
    const out = context.createMediaStreamDestination();
    out.channelCount = 1;
    source.connect(filter).connect(out);
    const track = out.stream.getAudioTracks()[0]!;
    // The filtered track would go on silently when the device is pulled out.
    const unplugged = () => track.dispatchEvent(new Event('ended'));
    raw.addEventListener('ended', unplugged);
    return {
      track,
      close() {
        raw.removeEventListener('ended', unplugged);
        filter.destroy();
        track.stop();
        context.close().catch(() => {});
      },
    };
  } catch (error) {
    model = undefined;
    context.close().catch(() => {});
    throw error;
  }
}
