import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitGrid, placeGrid, tilesPerPage, type Rect } from './layout.ts';

const wide = { width: 1280, height: 640, gap: 10, minAspect: 4 / 3, maxAspect: 16 / 9 };
const phone = { width: 360, height: 640, gap: 6, minAspect: 0.8, maxAspect: 16 / 9 };

const overlaps = (a: Rect, b: Rect) =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

describe('placeGrid', () => {
  for (const window of [wide, phone, { ...wide, width: 700, height: 700 }, { ...wide, width: 2500, height: 300 }]) {
    for (const count of [1, 2, 3, 5, 7, 9, 16, 25, 49]) {
      it(`keeps ${count} tiles inside ${window.width}×${window.height} and apart`, () => {
        const rects = placeGrid({ ...window, count });
        assert.equal(rects.length, count);
        rects.forEach((rect, index) => {
          assert.ok(rect.left >= 0 && rect.top >= 0, JSON.stringify(rect));
          assert.ok(
            rect.left + rect.width <= window.width + 1 && rect.top + rect.height <= window.height + 1,
            JSON.stringify(rect),
          );
          assert.ok(rect.width > 0 && rect.height > 0);
          for (const other of rects.slice(index + 1)) assert.ok(!overlaps(rect, other));
        });
      });
    }
  }

  it('centres an incomplete last row', () => {
    const rects = placeGrid({ ...wide, count: 5 });
    const last = rects.at(-1)!;
    const before = rects.at(-2)!;
    assert.ok(Math.abs(before.left + last.left + last.width - wide.width) <= 2);
  });
});

describe('fitGrid', () => {
  it('puts two side by side in a wide window and one above the other on a phone', () => {
    assert.equal(fitGrid({ ...wide, count: 2 }).columns, 2);
    assert.equal(fitGrid({ ...phone, count: 2 }).columns, 1);
  });

  it('keeps the shape of tiles within its bounds', () => {
    for (let count = 1; count < 60; count++) {
      const { tile } = fitGrid({ ...wide, count });
      const aspect = tile.width / tile.height;
      assert.ok(aspect >= 4 / 3 - 1e-9 && aspect <= 16 / 9 + 1e-9);
    }
  });

  it('covers at least as much as any fixed number of columns', () => {
    const { tile, columns } = fitGrid({ ...wide, count: 11 });
    const covered = tile.width * tile.height;
    for (const other of [1, 2, 3, 4, 5, 6]) {
      const rows = Math.ceil(11 / other);
      const height = Math.min((640 - 10 * (rows - 1)) / rows, ((1280 - 10 * (other - 1)) / other) * 0.75);
      const width = Math.min((1280 - 10 * (other - 1)) / other, (height * 16) / 9);
      assert.ok(covered >= width * height * 0.99, `${columns} columns against ${other}`);
    }
  });
});

describe('tilesPerPage', () => {
  it('shows all that fit', () => {
    assert.equal(tilesPerPage({ ...wide, count: 9, minWidth: 128, most: 49 }), 9);
  });

  it('never makes a tile narrower than asked', () => {
    const count = tilesPerPage({ ...phone, count: 49, minWidth: 104, most: 49 });
    assert.ok(count < 49);
    assert.ok(fitGrid({ ...phone, count }).tile.width >= 104);
  });
});
