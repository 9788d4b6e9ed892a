import type { ParticipantState, Role } from '@potluck/client';
import type { Tile } from '../grid/tiles.ts';

export type Person = {
  readonly id: string;
  readonly name: string;
  readonly self: boolean;
  readonly kind: 'peer' | 'broadcaster';
  readonly role: Role;
  readonly silent: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  readonly handRaised: boolean;
  readonly reconnecting: boolean;
};

/** Oneself first, then raised hands in the order in which they went up, then all others by name. */
export function listPeople(
  tiles: readonly Tile[],
  participants: readonly Pick<ParticipantState, 'id' | 'kind' | 'role'>[],
  search: string,
  myRole: Role,
): Person[] {
  const wanted = fold(search);
  const known = new Map(participants.map((participant) => [participant.id as string, participant]));
  const sharing = new Set(tiles.filter(({ kind }) => kind === 'screen').map(({ peerId }) => peerId));
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
      kind: known.get(tile.peerId)?.kind ?? 'peer',
      role: known.get(tile.peerId)?.role ?? myRole,
      silent: tile.silent ?? true,
      camera: tile.picture !== 'off',
      screen: sharing.has(tile.peerId),
      handRaised: tile.handRaisedAt !== undefined,
      reconnecting: tile.reconnecting,
    }));
}

/** Finds «Zoë» by «zoe». */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
