import { BackgroundBlur, steadyMask } from './soften.ts';
import type { Segmenter } from './segmenter.ts';

type Picture = VideoFrame | ImageBitmap;

/** Paints a picture with its person sharp and its background blurred. For a worker: it works as long as it takes. */
export class BlurPainter {
  readonly #segmenter: Segmenter;
  readonly #blur: BackgroundBlur;
  readonly #said: Float32Array;
  readonly #mask: Float32Array;
  readonly #small: OffscreenCanvasRenderingContext2D;
  readonly #outline: OffscreenCanvasRenderingContext2D;
  readonly #outlinePixels: ImageData;
  readonly #out: OffscreenCanvasRenderingContext2D;

  constructor(segmenter: Segmenter) {
    const { width, height } = segmenter;
    this.#segmenter = segmenter;
    this.#blur = new BackgroundBlur(width, height);
    this.#said = new Float32Array(width * height);
    this.#mask = new Float32Array(width * height);
    this.#small = contextOf(width, height, true);
    this.#outline = contextOf(width, height, true);
    this.#outlinePixels = this.#outline.createImageData(width, height);
    this.#out = contextOf(1, 1, false);
  }

  /** The canvas belongs to the painter: take from it before the next picture. */
  paint(picture: Picture, width: number, height: number): OffscreenCanvas {
    const { width: narrow, height: low } = this.#segmenter;
    const small = this.#small;
    small.drawImage(picture, 0, 0, narrow, low);
    const pixels = small.getImageData(0, 0, narrow, low);
    this.#segmenter.segment(pixels.data, this.#said);
    steadyMask(this.#mask, this.#said);
    this.#blur.soften(pixels.data, this.#mask);
    small.putImageData(pixels, 0, 0);
    const { data } = this.#outlinePixels;
    for (let at = 0; at < this.#mask.length; at++) data[4 * at + 3] = 255 * (this.#mask[at] ?? 0);
    this.#outline.putImageData(this.#outlinePixels, 0, 0);

    const { canvas } = this.#out;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const out = this.#out;
    out.globalCompositeOperation = 'copy';
    out.drawImage(this.#outline.canvas, 0, 0, width, height);
    out.globalCompositeOperation = 'source-in';
    out.drawImage(picture, 0, 0, width, height);
    out.globalCompositeOperation = 'destination-over';
    out.drawImage(small.canvas, 0, 0, width, height);
    return canvas;
  }
}

function contextOf(width: number, height: number, willReadFrequently: boolean): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently });
  if (context === null) throw new Error('no canvas to paint on');
  context.imageSmoothingQuality = 'medium';
  return context;
}
