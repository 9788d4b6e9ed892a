import type { Tile } from '../grid/tiles.ts';

/** Which picture floats over other windows: the one pinned last, else who speaks, else a screen, else anybody, oneself last. */
export function chooseFloating(
  tiles: readonly Tile[],
  pinned: readonly string[],
  activeSpeaker: string | undefined,
): Tile | undefined {
  const moving = tiles.filter(({ picture, track }) => picture === 'on' && track !== undefined);
  const others = moving.filter(({ self }) => !self);
  return (
    moving.findLast(({ key }) => pinned.at(-1) === key) ??
    others.find(({ kind, peerId }) => kind === 'person' && peerId === activeSpeaker) ??
    others[0] ??
    moving[0]
  );
}
