/** Blurs the background of one small picture. Pure. */

/** A person's outline trembles from frame to frame: a little of the mask before stays, of one this old. */
const steady = { share: 0.35, ms: 50 };
/** What the model is unsure of becomes a soft edge between these. */
const edge = { from: 0.35, to: 0.7 };

/** What the model says (0 to 1) as the opacity of the person, steadied with the mask of so long before, in place. */
export function steadyMask(mask: Float32Array, said: Float32Array, elapsedMs: number): void {
  const stays = steady.share ** (elapsedMs / steady.ms);
  for (let at = 0; at < mask.length; at++) {
    const now = Math.min(1, Math.max(0, ((said[at] ?? 0) - edge.from) / (edge.to - edge.from)));
    mask[at] = now + stays * ((mask[at] ?? 0) - now);
  }
}

/** Holds what blurring needs between frames. */
export class BackgroundBlur {
  readonly #width: number;
  readonly #height: number;
  readonly #radius: number;
  /** Red, green, blue, and how much of the pixel is background, one plane each. */
  readonly #planes: readonly Float32Array<ArrayBuffer>[];
  #spare: Float32Array<ArrayBuffer>;

  constructor(width: number, height: number, radius = Math.max(2, Math.round(width / 24))) {
    this.#width = width;
    this.#height = height;
    this.#radius = radius;
    this.#planes = Array.from({ length: 4 }, () => new Float32Array(width * height));
    this.#spare = new Float32Array(width * height);
  }

  /**
   * The blurred background of an RGBA picture, in place, transparent where the person is. Pixels of the person do not count,
   * so that the background has no halo of skin; where nothing else is near, they do.
   */
  soften(pixels: Uint8ClampedArray, mask: Float32Array): void {
    const [red, green, blue, weight] = this.#planes as [Float32Array, Float32Array, Float32Array, Float32Array];
    for (let at = 0, pixel = 0; at < mask.length; at++, pixel += 4) {
      const share = Math.max(0.02, 1 - (mask[at] ?? 0));
      weight[at] = share;
      red[at] = share * (pixels[pixel] ?? 0);
      green[at] = share * (pixels[pixel + 1] ?? 0);
      blue[at] = share * (pixels[pixel + 2] ?? 0);
    }
    for (const plane of this.#planes) this.#blur(plane);
    for (let at = 0, pixel = 0; at < mask.length; at++, pixel += 4) {
      const share = weight[at] ?? 1;
      pixels[pixel] = (red[at] ?? 0) / share;
      pixels[pixel + 1] = (green[at] ?? 0) / share;
      pixels[pixel + 2] = (blue[at] ?? 0) / share;
      pixels[pixel + 3] = 255 * (1 - (mask[at] ?? 0));
    }
  }

  /** Two box blurs in each direction look like a Gaussian one. */
  #blur(plane: Float32Array<ArrayBuffer>): void {
    const spare = this.#spare;
    for (let pass = 0; pass < 2; pass++) {
      boxLines(plane, spare, { lines: this.#height, length: this.#width, step: 1, next: this.#width }, this.#radius);
      boxLines(spare, plane, { lines: this.#width, length: this.#height, step: this.#width, next: 1 }, this.#radius);
    }
  }
}

type Lines = { lines: number; length: number; step: number; next: number };

/** A running mean along every line; beyond the ends the last pixel goes on. */
function boxLines(from: Float32Array, to: Float32Array, { lines, length, step, next }: Lines, radius: number): void {
  const share = 1 / (2 * radius + 1);
  for (let line = 0; line < lines; line++) {
    const start = line * next;
    const end = start + (length - 1) * step;
    const first = from[start] ?? 0;
    const last = from[end] ?? 0;
    let sum = first * (radius + 1);
    for (let at = 0; at < radius; at++) sum += from[start + Math.min(at, length - 1) * step] ?? 0;
    for (let at = 0; at < length; at++) {
      const ahead = at + radius;
      const behind = at - radius - 1;
      sum += ahead < length ? (from[start + ahead * step] ?? 0) : last;
      sum -= behind >= 0 ? (from[start + behind * step] ?? 0) : first;
      to[start + at * step] = sum * share;
    }
  }
}
