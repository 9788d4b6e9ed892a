/** Where tiles go. Pure: numbers in, rectangles out. */

export type Size = { width: number; height: number };
export type Rect = Size & { left: number; top: number };

export type GridOptions = Size & {
  count: number;
  gap: number;
  /** Bounds of a tile's width / height. Pictures are cropped to the tile, so a range uses more of the window. */
  minAspect: number;
  maxAspect: number;
};

export type Grid = { columns: number; rows: number; tile: Size };

/** The number of columns at which `count` equal tiles cover the most area. */
export function fitGrid({ width, height, count, gap, minAspect, maxAspect }: GridOptions): Grid {
  let best: Grid = { columns: 1, rows: Math.max(1, count), tile: { width: 0, height: 0 } };
  let bestArea = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tile = fitTile(
      (width - gap * (columns - 1)) / columns,
      (height - gap * (rows - 1)) / rows,
      minAspect,
      maxAspect,
    );
    const area = tile.width * tile.height;
    // Of nearly equal ones the fuller grid looks calmer.
    const better = area > bestArea * 1.005 || (area > bestArea * 0.995 && columns * rows < best.columns * best.rows);
    if (better) {
      best = { columns, rows, tile };
      bestArea = area;
    }
  }
  return best;
}

function fitTile(cellWidth: number, cellHeight: number, minAspect: number, maxAspect: number): Size {
  if (cellWidth <= 0 || cellHeight <= 0) return { width: 0, height: 0 };
  const aspect = cellWidth / cellHeight;
  if (aspect > maxAspect) return { width: cellHeight * maxAspect, height: cellHeight };
  if (aspect < minAspect) return { width: cellWidth, height: cellWidth / minAspect };
  return { width: cellWidth, height: cellHeight };
}

/** The rectangles of a grid, centred in the window, an incomplete last row centred in its row. */
export function placeGrid(options: GridOptions): Rect[] {
  const { width, height, count, gap } = options;
  const { columns, rows, tile } = fitGrid(options);
  const top = (height - rows * tile.height - (rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - columns * (rows - 1) : columns;
    const left = (width - inRow * tile.width - (inRow - 1) * gap) / 2;
    return round({
      left: left + (index - row * columns) * (tile.width + gap),
      top: top + row * (tile.height + gap),
      ...tile,
    });
  });
}

/** How many tiles fit with each at least `minWidth` wide: what a page holds. */
export function tilesPerPage(
  options: Omit<GridOptions, 'count'> & { count: number; minWidth: number; most: number },
): number {
  let count = Math.min(options.count, options.most);
  while (count > 1 && fitGrid({ ...options, count }).tile.width < options.minWidth) count--;
  return Math.max(1, count);
}

function round({ left, top, width, height }: Rect): Rect {
  return { left: Math.round(left), top: Math.round(top), width: Math.floor(width), height: Math.floor(height) };
}
