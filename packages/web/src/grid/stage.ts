import type { LayoutMode } from './arrange.ts';
import type { Tile } from './tiles.ts';

export type StageInput = {
  tiles: readonly Tile[];
  mode: LayoutMode;
  /** Keys of pinned tiles. */
  pinned: readonly string[];
  /** Who spoke last, most recent first. */
  spoke: readonly string[];
  hideSelf: boolean;
};

export type Staged = { stage: string[]; rest: string[]; floating: string | undefined };

/** Decides what is large, what is small and what floats. */
export function stageTiles({ tiles, mode, pinned, spoke, hideSelf }: StageInput): Staged {
  const alone = tiles.length === 1;
  const shown = hideSelf && !alone ? tiles.filter((tile) => !(tile.self && tile.kind === 'person')) : tiles;
  const stage = mode === 'grid' ? keysOf(shown, pinned) : onStage(shown, mode, pinned, spoke);
  const rest = shown.filter((tile) => !stage.includes(tile.key));
  const self = rest.find((tile) => tile.self && tile.kind === 'person');
  if (self !== undefined && floats(shown, mode, stage.length)) {
    return { stage, rest: mode === 'speaker' ? [] : keys(rest.filter((tile) => tile !== self)), floating: self.key };
  }
  return { stage, rest: mode === 'speaker' && stage.length > 0 ? [] : keys(rest), floating: undefined };
}

function onStage(
  tiles: readonly Tile[],
  mode: LayoutMode,
  pinned: readonly string[],
  spoke: readonly string[],
): string[] {
  const chosen = keysOf(tiles, pinned);
  if (chosen.length > 0) return chosen;
  // An own screen on the stage would be a hall of mirrors; it is shown small unless pinned.
  const screens = keys(tiles.filter((tile) => tile.kind === 'screen' && !tile.self));
  if (screens.length > 0) return screens;
  if (mode === 'auto') return [];
  const people = tiles.filter((tile) => tile.kind === 'person' && !tile.self);
  const speaker = spoke.map((peerId) => people.find((tile) => tile.peerId === peerId)).find(Boolean) ?? people[0];
  return speaker === undefined ? [] : [speaker.key];
}

/** In a conversation of two the own picture is a small one in the corner, not half of the window. */
function floats(tiles: readonly Tile[], mode: LayoutMode, staged: number): boolean {
  if (mode === 'grid') return false;
  if (mode === 'speaker') return staged > 0;
  return staged === 0 && tiles.length === 2 && tiles.every((tile) => tile.kind === 'person');
}

const keys = (tiles: readonly Tile[]) => tiles.map((tile) => tile.key);
const keysOf = (tiles: readonly Tile[], wanted: readonly string[]) =>
  keys(tiles.filter((tile) => wanted.includes(tile.key)));
