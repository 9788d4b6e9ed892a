import type { ProcessedTrack } from '@potluck/client';
import type { FromBlurWorker, ToBlurWorker } from './messages.ts';
import { Tempo } from './tempo.ts';

/** Chromium's way (W3C mediacapture-transform, as it was first): frames as streams, which go to the worker. */
type Streams = {
  MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack; maxBufferSize: number }) => {
    readable: ReadableStream<VideoFrame>;
  };
  MediaStreamTrackGenerator?: new (init: {
    kind: 'video';
  }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
};

/** W3C mediacapture-extensions, not everywhere yet. */
type Counted = MediaStreamTrack & { readonly stats?: { readonly totalFrames: number } };

/** How long pictures are counted before it is judged whether they keep up. */
const spanMs = 2000;

/** What a picture source is besides its track: how many pictures the camera gave so far, where that can be known. */
type Blurred = ProcessedTrack & { came(): number | undefined };

/** The same camera with its background blurred, in a worker. Rejects where that cannot be done. */
export async function blurBackground(raw: MediaStreamTrack, onTooSlow: () => void): Promise<ProcessedTrack> {
  const worker = new Worker(new URL('./worker.tsx', import.meta.url), { type: 'module' });
  try {
    await ready(worker);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  const { track, came, close } = through(worker, raw);
  const stopWatching = watchTempo(worker, came, onTooSlow);
  // The blurred track would stand still when the camera is pulled out.
  const unplugged = () => track.dispatchEvent(new Event('ended'));
  raw.addEventListener('ended', unplugged);
  return {
    track,
    close() {
      raw.removeEventListener('ended', unplugged);
      stopWatching();
      close();
      track.stop();
      worker.terminate();
    },
  };
}

/** Judges by what comes out, as others see it; says once that it is too little. Returns how to stop. */
function watchTempo(worker: Worker, came: () => number | undefined, onTooSlow: () => void): () => void {
  const tempo = new Tempo();
  let [went, workedMs, begun] = [0, 0, performance.now()];
  let cameBefore = came();
  worker.addEventListener('message', ({ data }: MessageEvent<FromBlurWorker>) => {
    if (data.kind !== 'painted') return;
    went += 1;
    workedMs += data.ms;
  });
  const timer = setInterval(() => {
    const [now, cameNow] = [performance.now(), came()];
    const newly = cameNow === undefined || cameBefore === undefined ? undefined : cameNow - cameBefore;
    const tooSlow = tempo.note({ ms: now - begun, came: newly, went, workedMs });
    [went, workedMs, begun] = [0, 0, now];
    cameBefore = cameNow;
    if (tempo.slow) worker.postMessage({ kind: 'narrow' } satisfies ToBlurWorker, []);
    if (!tooSlow) return;
    clearInterval(timer);
    onTooSlow();
  }, spanMs);
  return () => clearInterval(timer);
}

function ready(worker: Worker): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.addEventListener('message', ({ data }: MessageEvent<FromBlurWorker>) => {
    if (data.kind === 'ready') resolve();
    if (data.kind === 'failed') reject(new Error(data.message));
  });
  worker.addEventListener('error', (event) => reject(new Error(event.message || 'the worker does not start')));
  return promise;
}

function through(worker: Worker, raw: MediaStreamTrack): Blurred {
  const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } = globalThis as Streams;
  if (Processor === undefined || Generator === undefined) return throughCanvas(worker, raw);
  // Of its own, so that the camera's own track can be stopped and muted by its owner.
  const source = raw.clone();
  const { readable } = new Processor({ track: source, maxBufferSize: 1 });
  const track = new Generator({ kind: 'video' });
  const message: ToBlurWorker = { kind: 'stream', readable, writable: track.writable };
  worker.postMessage(message, [message.readable, message.writable] as Transferable[]);
  return { track, came: () => (source as Counted).stats?.totalFrames, close: () => source.stop() };
}

/** Elsewhere: each new picture of a playing element goes to the worker, and back onto a canvas. */
function throughCanvas(worker: Worker, raw: MediaStreamTrack): Blurred {
  const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true });
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('bitmaprenderer');
  const [track] = canvas.captureStream().getVideoTracks();
  if (context === null || track === undefined) throw new Error('this browser cannot send a canvas');
  let closed = false;
  let came: number | undefined;
  const next = async () => {
    if (closed) return;
    const picture = await createImageBitmap(video);
    worker.postMessage({ kind: 'picture', picture } satisfies ToBlurWorker, [picture]);
  };
  const again = () =>
    video.requestVideoFrameCallback((_, { presentedFrames }) => {
      came = presentedFrames;
      next().catch(again);
    });
  worker.addEventListener('message', ({ data }: MessageEvent<FromBlurWorker>) => {
    if (data.kind !== 'painted' || data.picture === undefined || closed) return;
    if (canvas.width !== data.picture.width)
      Object.assign(canvas, { width: data.picture.width, height: data.picture.height });
    context.transferFromImageBitmap(data.picture);
    again();
  });
  video.srcObject = new MediaStream([raw]);
  video.play().then(again, () => {});
  return {
    track,
    came: () => came,
    close() {
      closed = true;
      video.srcObject = null;
    },
  };
}
