import { placeGrid, tilesPerPage, type Rect, type Size } from './layout.ts';

/** `auto`: a shared screen or a pinned tile is shown large; otherwise everybody is shown alike. */
export type LayoutMode = 'auto' | 'grid' | 'speaker' | 'sidebar';

export type ArrangeInput = Size & {
  /** Tiles shown large, in order; empty: all alike. */
  stage: readonly string[];
  /** What is large are screens: wide, and of no use when they are cropped. */
  wideStage?: boolean;
  /** All others, in order. */
  rest: readonly string[];
  /** The own tile, when it floats in a corner over the picture. */
  floating: string | undefined;
  page: number;
};

export type Arranged = { rects: ReadonlyMap<string, Rect>; page: number; pages: number };

const mostOnPage = 49;

/** Puts every tile of a call at its place; tiles of other pages are absent from `rects`. */
export function arrange(input: ArrangeInput): Arranged {
  const { width, height, stage, rest } = input;
  if (width <= 0 || height <= 0) return { rects: new Map(), page: 0, pages: 1 };
  const gap = width < 600 ? 6 : 10;
  const parts = stage.length > 0 ? split(input, gap) : undefined;
  const rects = new Map<string, Rect>();
  let paged: { page: number; pages: number } = { page: 0, pages: 1 };
  if (parts === undefined) {
    // A tall narrow window shows upright tiles, as phones do; wide ones keep the camera's shape.
    const minAspect = width < height ? (rest.length <= 2 ? 0.45 : rest.length <= 4 ? 0.5 : 0.8) : 4 / 3;
    // One alone may fill a wide window.
    const maxAspect = rest.length === 1 ? 2.2 : 16 / 9;
    const window = { left: 0, top: 0, width, height };
    paged = placePage(rects, rest, window, { gap, minAspect, maxAspect, page: input.page });
  } else {
    const grid = { ...parts.stage, gap, count: stage.length, minAspect: 0.5, maxAspect: 3 };
    placeGrid(grid).forEach((rect, index) => rects.set(stage[index]!, shift(rect, parts.stage)));
    if (parts.strip !== undefined)
      paged = placePage(rects, rest, parts.strip, { gap, minAspect: 4 / 3, maxAspect: 16 / 9, page: input.page });
  }
  if (input.floating !== undefined)
    rects.set(input.floating, floatingRect({ width, height }, around([...rects.values()])));
  return { rects, ...paged };
}

type PageOptions = { gap: number; minAspect: number; maxAspect: number; page: number };

function placePage(
  rects: Map<string, Rect>,
  keys: readonly string[],
  area: Rect,
  { gap, minAspect, maxAspect, page: wanted }: PageOptions,
) {
  const { width, height } = area;
  const options = { width, height, gap, minAspect, maxAspect, count: keys.length };
  const perPage = tilesPerPage({ ...options, minWidth: width < 600 ? 140 : 128, most: mostOnPage });
  const pages = Math.max(1, Math.ceil(keys.length / perPage));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const shown = keys.slice(page * perPage, (page + 1) * perPage);
  // Pages keep the tile size of the first, so that turning pages does not resize everybody.
  const placed = placeGrid({ ...options, count: pages > 1 ? perPage : shown.length });
  shown.forEach((key, index) => rects.set(key, shift(placed[index]!, area)));
  return { page, pages };
}

function split(
  { width, height, stage, rest, wideStage = false }: ArrangeInput,
  gap: number,
): { stage: Rect; strip: Rect | undefined } {
  if (rest.length === 0) return { stage: { left: 0, top: 0, width, height }, strip: undefined };
  if (width / height > 1.2) {
    const stripWidth = Math.round(Math.min(Math.max(width * 0.18, 150), 300));
    return {
      stage: { left: 0, top: 0, width: width - stripWidth - gap, height },
      strip: { left: width - stripWidth, top: 0, width: stripWidth, height },
    };
  }
  const smallest = Math.round(Math.min(Math.max(height * 0.22, 96), 220));
  // Below a wide screen an upright window has room for people.
  const left = Math.round(height - stage.length * (width / 1.6 + gap));
  const stripHeight = wideStage ? Math.max(smallest, left) : smallest;
  return {
    stage: { left: 0, top: 0, width, height: height - stripHeight - gap },
    strip: { left: 0, top: height - stripHeight, width, height: stripHeight },
  };
}

/** Inside of what is shown: a corner of the window may be beside the picture. */
function floatingRect({ width, height }: Size, shown: Rect): Rect {
  const upright = width < height;
  const tileWidth = Math.round(Math.min(Math.max(width * (upright ? 0.28 : 0.2), 96), 280));
  const tileHeight = Math.round(upright ? tileWidth * 1.35 : (tileWidth * 9) / 16);
  const margin = width < 600 ? 10 : 16;
  return {
    left: shown.left + shown.width - tileWidth - margin,
    top: shown.top + shown.height - tileHeight - margin,
    width: tileWidth,
    height: tileHeight,
  };
}

function around(rects: readonly Rect[]): Rect {
  const left = Math.min(...rects.map((rect) => rect.left));
  const top = Math.min(...rects.map((rect) => rect.top));
  const right = Math.max(...rects.map((rect) => rect.left + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.top + rect.height));
  return { left, top, width: right - left, height: bottom - top };
}

function shift(rect: Rect, by: Rect): Rect {
  return { ...rect, left: rect.left + by.left, top: rect.top + by.top };
}
