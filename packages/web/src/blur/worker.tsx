/** The worker that blurs backgrounds. */
import type { FromBlurWorker, ToBlurWorker } from './messages.ts';
import { loadSegmenter } from './model.tsx';
import { BlurPainter } from './painter.ts';
import { Tempo } from './tempo.ts';

const tell = (message: FromBlurWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });
const tempo = new Tempo();
/** Pixels in a line, once this machine was too slow for what the camera gives. */
const widestWhenSlow = 640;
let told = false;
let widest = Infinity;

function painted(
  painter: BlurPainter,
  picture: VideoFrame | ImageBitmap,
  width: number,
  height: number,
): OffscreenCanvas {
  const begun = performance.now();
  const scale = Math.min(1, widest / width);
  const canvas = painter.paint(picture, Math.round(width * scale), Math.round(height * scale));
  const tooSlow = tempo.note(performance.now() - begun);
  if (tempo.slow) widest = widestWhenSlow;
  if (tooSlow && !told) {
    told = true;
    tell({ kind: 'tooSlow' });
  }
  return canvas;
}

function serve(painter: BlurPainter, message: ToBlurWorker): void {
  if (message.kind === 'picture') {
    const { picture } = message;
    const done = painted(painter, picture, picture.width, picture.height).transferToImageBitmap();
    picture.close();
    tell({ kind: 'painted', picture: done }, [done]);
    return;
  }
  const paint = new TransformStream<VideoFrame, VideoFrame>({
    transform(frame, controller) {
      const { displayWidth: width, displayHeight: height, timestamp } = frame;
      const canvas = painted(painter, frame, width, height);
      frame.close();
      controller.enqueue(new VideoFrame(canvas, { timestamp, alpha: 'discard' }));
    },
  });
  // It ends with the camera.
  message.readable
    .pipeThrough(paint)
    .pipeTo(message.writable)
    .catch(() => {});
}

loadSegmenter().then(
  (segmenter) => {
    const painter = new BlurPainter(segmenter);
    self.onmessage = ({ data }: MessageEvent<ToBlurWorker>) => serve(painter, data);
    tell({ kind: 'ready' });
  },
  (error: unknown) => tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
);
