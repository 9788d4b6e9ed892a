import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faceFinder, placed } from './faces.ts';

describe('faces', () => {
  const picture = { width: 640, height: 360 };
  const face = { x: 320, y: 90, width: 160, height: 180 };

  it('are where the picture shows them', () => {
    assert.deepEqual(placed(face, picture, { width: 320, height: 180 }, false), {
      x: 160,
      y: 45,
      width: 80,
      height: 90,
    });
    // Cut at the sides.
    assert.deepEqual(placed(face, picture, { width: 180, height: 180 }, false), {
      x: 90,
      y: 45,
      width: 80,
      height: 90,
    });
    assert.deepEqual(placed(face, picture, { width: 320, height: 180 }, true), { x: 80, y: 45, width: 80, height: 90 });
  });

  it('are not looked for where the browser cannot', () => assert.equal(faceFinder(), undefined));
});
