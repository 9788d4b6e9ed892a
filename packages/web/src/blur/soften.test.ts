import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BackgroundBlur, steadyMask } from './soften.ts';

const width = 48;
const height = 27;
const picture = (shade: (x: number, y: number) => number) => {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let at = 0; at < width * height; at++)
    pixels.fill(shade(at % width, Math.floor(at / width)), 4 * at, 4 * at + 4);
  return pixels;
};
const nobody = new Float32Array(width * height);

describe('BackgroundBlur', () => {
  it('leaves an even wall as it is, to its edges', () => {
    const pixels = picture(() => 120);
    new BackgroundBlur(width, height, 3).soften(pixels, nobody);
    for (let at = 0; at < pixels.length; at += 4)
      assert.ok(Math.abs((pixels[at] ?? 0) - 120) <= 1, `${pixels[at]} at ${at}`);
  });

  it('makes stripes even', () => {
    const pixels = picture((x) => (x % 2 === 0 ? 0 : 200));
    new BackgroundBlur(width, height, 4).soften(pixels, nobody);
    const middle = pixels[4 * (13 * width + 24)] ?? 0;
    assert.ok(Math.abs(middle - 100) < 15, `${middle}`);
  });

  it('takes nothing of the person into the background', () => {
    const person = (x: number) => x >= 16 && x < 32;
    const pixels = picture((x) => (person(x) ? 255 : 40));
    const mask = Float32Array.from({ length: width * height }, (_, at) => (person(at % width) ? 1 : 0));
    new BackgroundBlur(width, height, 4).soften(pixels, mask);
    const beside = pixels[4 * (13 * width + 15)] ?? 0;
    assert.ok(beside < 60, `${beside}`);
    assert.deepEqual([pixels[4 * (13 * width + 15) + 3], pixels[4 * (13 * width + 20) + 3]], [255, 0]);
  });
});

describe('steadyMask', () => {
  it('follows the model, a little late', () => {
    const mask = new Float32Array(2);
    steadyMask(mask, Float32Array.from([1, 0]), 50);
    assert.ok((mask[0] ?? 0) > 0.6 && (mask[0] ?? 0) < 1);
    for (let n = 0; n < 10; n++) steadyMask(mask, Float32Array.from([1, 0]), 50);
    assert.ok((mask[0] ?? 0) > 0.99);
    assert.equal(mask[1], 0);
  });
  it('forgets what is long ago', () => {
    const mask = Float32Array.from([1]);
    steadyMask(mask, Float32Array.from([0]), 200);
    assert.ok((mask[0] ?? 1) < 0.02);
    steadyMask(mask, Float32Array.from([1]), Infinity);
    assert.equal(mask[0], 1);
  });
});
