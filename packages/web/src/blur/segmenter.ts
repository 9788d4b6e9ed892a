/** Says for every pixel of a small RGBA picture how sure it is of a person there, 0 to 1. */
export type Segmenter = {
  readonly width: number;
  readonly height: number;
  segment(pixels: Uint8ClampedArray, said: Float32Array): void;
};
