import type { Tile } from '../grid/tiles.ts';
import type { Texts } from '../i18n/texts.ts';

/** What is written on a tile. */
export function tileName(tile: Pick<Tile, 'kind' | 'self' | 'name'>, { tile: words, common }: Texts): string {
  const name = tile.name || common.unnamed;
  if (tile.kind === 'screen') return tile.self ? words.yourScreen : words.screenOf(name);
  return tile.self ? words.you(name) : name;
}
