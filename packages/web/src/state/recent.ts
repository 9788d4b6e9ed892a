import { storage } from './preferences.ts';
import { createStore } from './store.ts';

/** A room that was entered from this browser. */
export type RecentRoom = { readonly roomId: string; /** Milliseconds since the epoch. */ readonly at: number };

const key = 'potluck.recent';
const most = 6;

export function readRecent(stored: string | null | undefined): readonly RecentRoom[] {
  try {
    const value: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(value) ? value.filter(isRecentRoom).slice(0, most) : [];
  } catch {
    return [];
  }
}

function isRecentRoom(value: unknown): value is RecentRoom {
  return (
    typeof value === 'object' &&
    value !== null &&
    'roomId' in value &&
    typeof value.roomId === 'string' &&
    'at' in value &&
    typeof value.at === 'number'
  );
}

export function withRoom(rooms: readonly RecentRoom[], room: RecentRoom): readonly RecentRoom[] {
  return [room, ...rooms.filter(({ roomId }) => roomId !== room.roomId)].slice(0, most);
}

export const recentRooms = createStore(readRecent(storage()?.getItem(key)), (next) =>
  storage()?.setItem(key, JSON.stringify(next)),
);

export const noteRoom = (roomId: string): void =>
  recentRooms.set(withRoom(recentRooms.get(), { roomId, at: Date.now() }));

export const forgetRoom = (roomId: string): void =>
  recentRooms.set(recentRooms.get().filter((room) => room.roomId !== roomId));
