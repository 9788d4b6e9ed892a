import { drawPortrait } from './portraits.ts';
import type { FrameOrder } from './frame-worker.ts';

/** Chromium's way of making a track out of frames (MediaStreamTrack Insertable Media Processing). */
declare const MediaStreamTrackGenerator: new (options: { kind: 'video' }) => MediaStreamTrack & {
  readonly writable: WritableStream<VideoFrame>;
};

const size = { width: 320, height: 180 };
const pictures = 30;

/** Tracks with moving pictures whose frames come from a worker, as those of a call come from decoders. */
export function movingTracks(count: number, frameRate: number): MediaStreamTrack[] {
  const tracks = Array.from({ length: count }, () => new MediaStreamTrackGenerator({ kind: 'video' }));
  const sinks = tracks.map(({ writable }) => writable);
  const worker = new Worker(new URL('./frame-worker.ts', import.meta.url), { type: 'module' });
  const frames = Array.from({ length: pictures }, (_, index) => frameOf(index));
  const order: FrameOrder = { pictures: frames, sinks, frameRate };
  worker.postMessage(order, [...frames, ...sinks]);
  return tracks;
}

function frameOf(index: number): VideoFrame {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const pen = canvas.getContext('2d') as unknown as CanvasRenderingContext2D;
  drawPortrait(pen, 0, Math.sin((index / pictures) * 2 * Math.PI) * 8);
  return new VideoFrame(canvas, { timestamp: index });
}
