import { MaskPace } from './mask-pace.ts';
import { BackgroundBlur, steadyMask } from './soften.ts';
import type { Segmenter } from './segmenter.ts';

type Picture = VideoFrame | ImageBitmap;

/**
 * Paints a picture with its person sharp and its background blurred. For a worker: it works as long as it takes. Where the
 * person is takes most of it, and is found out as often as there is time for; what lies over the picture then stays.
 */
export class BlurPainter {
  readonly #segmenter: Segmenter;
  readonly #pace = new MaskPace();
  readonly #blur: BackgroundBlur;
  readonly #said: Float32Array;
  readonly #mask: Float32Array;
  /** The picture as the model sees it, then the blurred background with a hole where the person is. */
  readonly #veil: OffscreenCanvasRenderingContext2D;
  readonly #out: OffscreenCanvasRenderingContext2D;

  constructor(segmenter: Segmenter) {
    const { width, height } = segmenter;
    this.#segmenter = segmenter;
    this.#blur = new BackgroundBlur(width, height);
    this.#said = new Float32Array(width * height);
    this.#mask = new Float32Array(width * height);
    this.#veil = contextOf(width, height, true);
    this.#out = contextOf(1, 1, false);
  }

  /** The canvas belongs to the painter: take from it before the next picture. */
  paint(picture: Picture, width: number, height: number): OffscreenCanvas {
    const out = this.#out;
    const { canvas } = out;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    out.globalCompositeOperation = 'copy';
    out.drawImage(picture, 0, 0, width, height);
    const elapsedMs = this.#pace.due(performance.now());
    if (elapsedMs !== undefined) {
      const begun = performance.now();
      this.#look(canvas, elapsedMs);
      this.#pace.took(performance.now() - begun);
    }
    out.globalCompositeOperation = 'source-over';
    out.drawImage(this.#veil.canvas, 0, 0, width, height);
    return canvas;
  }

  /** At what was painted: turning a frame of a camera into pixels costs more than all the rest, and is done once. */
  #look(picture: OffscreenCanvas, elapsedMs: number): void {
    const { width, height } = this.#segmenter;
    const veil = this.#veil;
    veil.globalCompositeOperation = 'copy';
    veil.drawImage(picture, 0, 0, width, height);
    const pixels = veil.getImageData(0, 0, width, height);
    this.#segmenter.segment(pixels.data, this.#said);
    steadyMask(this.#mask, this.#said, elapsedMs);
    this.#blur.soften(pixels.data, this.#mask);
    veil.putImageData(pixels, 0, 0);
  }
}

function contextOf(width: number, height: number, willReadFrequently: boolean): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently });
  if (context === null) throw new Error('no canvas to paint on');
  context.imageSmoothingQuality = 'low';
  return context;
}
