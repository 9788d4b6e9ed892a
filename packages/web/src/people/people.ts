import type { ParticipantState } from '@potluck/client';
import type { Tile } from '../grid/tiles.ts';

export type Person = {
  readonly id: string;
  readonly name: string;
  readonly self: boolean;
  readonly kind: 'peer' | 'broadcaster';
  readonly silent: boolean;
  readonly camera: boolean;
  readonly handRaised: boolean;
  readonly reconnecting: boolean;
};

/** Oneself first, then raised hands in the order in which they went up, then all others by name. */
export function listPeople(
  tiles: readonly Tile[],
  participants: readonly Pick<ParticipantState, 'id' | 'kind'>[],
  search: string,
): Person[] {
  const wanted = fold(search);
  return tiles
    .filter((tile) => tile.kind === 'person' && fold(tile.name).includes(wanted))
    .toSorted(
      (a, b) =>
        Number(b.self) - Number(a.self) ||
        (a.handRaisedAt ?? Infinity) - (b.handRaisedAt ?? Infinity) ||
        a.name.localeCompare(b.name),
    )
    .map((tile) => ({
      id: tile.peerId,
      name: tile.name,
      self: tile.self,
      kind: participants.find(({ id }) => id === tile.peerId)?.kind ?? 'peer',
      silent: tile.silent ?? true,
      camera: tile.picture !== 'off',
      handRaised: tile.handRaisedAt !== undefined,
      reconnecting: tile.reconnecting,
    }));
}

/** Finds «Zoë» by «zoe». */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
