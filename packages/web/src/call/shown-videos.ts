import type { ShownVideo } from '@potluck/client';
import type { Rect } from '../grid/layout.ts';
import type { Tile } from '../grid/tiles.ts';

/** What to ask the server for: the remote pictures on this page, at their size in device pixels. */
export function shownVideos(
  tiles: readonly Tile[],
  rects: ReadonlyMap<string, Rect>,
  pixelRatio: number,
): ShownVideo[] {
  return tiles.flatMap(({ key, producerId, picture }) => {
    const rect = rects.get(key);
    if (rect === undefined || producerId === undefined || picture === 'off') return [];
    const pixels = (length: number) => Math.round(Math.min(length * pixelRatio, 16_384));
    return [{ producerId, width: pixels(rect.width), height: pixels(rect.height) }];
  });
}
