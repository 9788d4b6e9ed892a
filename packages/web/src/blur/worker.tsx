/** The worker that blurs backgrounds. */
import type { FromBlurWorker, ToBlurWorker } from './messages.ts';
import { loadSegmenter } from './model.tsx';
import { BlurPainter } from './painter.ts';

const tell = (message: FromBlurWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });
/** Pixels in a line, once this machine was too slow for what the camera gives. */
const widestWhenSlow = 640;
let widest = Infinity;

function paint(
  painter: BlurPainter,
  picture: VideoFrame | ImageBitmap,
  width: number,
  height: number,
): OffscreenCanvas {
  const scale = Math.min(1, widest / width);
  return painter.paint(picture, Math.round(width * scale), Math.round(height * scale));
}

function serve(painter: BlurPainter, message: ToBlurWorker): void {
  switch (message.kind) {
    case 'narrow':
      widest = widestWhenSlow;
      return;
    case 'picture':
      return paintOne(painter, message.picture);
    case 'stream':
      // It ends with the camera.
      message.readable
        .pipeThrough(paintAll(painter))
        .pipeTo(message.writable)
        .catch(() => {});
  }
}

function paintOne(painter: BlurPainter, picture: ImageBitmap): void {
  const begun = performance.now();
  const done = paint(painter, picture, picture.width, picture.height).transferToImageBitmap();
  picture.close();
  tell({ kind: 'painted', ms: performance.now() - begun, picture: done }, [done]);
}

const paintAll = (painter: BlurPainter): TransformStream<VideoFrame, VideoFrame> =>
  new TransformStream({
    transform(frame, controller) {
      const begun = performance.now();
      const { displayWidth: width, displayHeight: height, timestamp } = frame;
      const canvas = paint(painter, frame, width, height);
      frame.close();
      controller.enqueue(new VideoFrame(canvas, { timestamp, alpha: 'discard' }));
      tell({ kind: 'painted', ms: performance.now() - begun });
    },
  });

loadSegmenter().then(
  (segmenter) => {
    const painter = new BlurPainter(segmenter);
    self.onmessage = ({ data }: MessageEvent<ToBlurWorker>) => serve(painter, data);
    tell({ kind: 'ready' });
  },
  (error: unknown) => tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
);
