import type { ProcessedTrack } from '@potluck/client';
import type { FromBlurWorker, ToBlurWorker } from './messages.ts';

/** Chromium's way (W3C mediacapture-transform, as it was first): frames as streams, which go to the worker. */
type Streams = {
  MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack; maxBufferSize: number }) => {
    readable: ReadableStream<VideoFrame>;
  };
  MediaStreamTrackGenerator?: new (init: {
    kind: 'video';
  }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
};

/** The same camera with its background blurred, in a worker. Rejects where that cannot be done. */
export async function blurBackground(raw: MediaStreamTrack, onTooSlow: () => void): Promise<ProcessedTrack> {
  const worker = new Worker(new URL('./worker.tsx', import.meta.url), { type: 'module' });
  try {
    await ready(worker);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  worker.addEventListener('message', ({ data }: MessageEvent<FromBlurWorker>) => {
    if (data.kind === 'tooSlow') onTooSlow();
  });
  const { track, close } = through(worker, raw);
  // The blurred track would stand still when the camera is pulled out.
  const unplugged = () => track.dispatchEvent(new Event('ended'));
  raw.addEventListener('ended', unplugged);
  return {
    track,
    close() {
      raw.removeEventListener('ended', unplugged);
      close();
      track.stop();
      worker.terminate();
    },
  };
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

function through(worker: Worker, raw: MediaStreamTrack): ProcessedTrack {
  const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } = globalThis as Streams;
  if (Processor === undefined || Generator === undefined) return throughCanvas(worker, raw);
  // Of its own, so that the camera's own track can be stopped and muted by its owner.
  const source = raw.clone();
  const { readable } = new Processor({ track: source, maxBufferSize: 1 });
  const track = new Generator({ kind: 'video' });
  const message: ToBlurWorker = { kind: 'stream', readable, writable: track.writable };
  worker.postMessage(message, [message.readable, message.writable] as Transferable[]);
  return { track, close: () => source.stop() };
}

/** Elsewhere: each new picture of a playing element goes to the worker, and back onto a canvas. */
function throughCanvas(worker: Worker, raw: MediaStreamTrack): ProcessedTrack {
  const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true });
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('bitmaprenderer');
  const [track] = canvas.captureStream().getVideoTracks();
  if (context === null || track === undefined) throw new Error('this browser cannot send a canvas');
  let closed = false;
  const next = async () => {
    if (closed) return;
    const picture = await createImageBitmap(video);
    worker.postMessage({ kind: 'picture', picture } satisfies ToBlurWorker, [picture]);
  };
  const again = () => video.requestVideoFrameCallback(() => void next().catch(again));
  worker.addEventListener('message', ({ data }: MessageEvent<FromBlurWorker>) => {
    if (data.kind !== 'painted' || closed) return;
    if (canvas.width !== data.picture.width)
      Object.assign(canvas, { width: data.picture.width, height: data.picture.height });
    context.transferFromImageBitmap(data.picture);
    again();
  });
  video.srcObject = new MediaStream([raw]);
  video.play().then(again, () => {});
  return {
    track,
    close() {
      closed = true;
      video.srcObject = null;
    },
  };
}
