import type { Room } from '@potluck/client';

/** Shows the first so many pictures, each at this size in pixels, whenever somebody comes or goes. */
export function showFirst(room: Room, tiles: number, size: { width: number; height: number }): void {
  let shown = '';
  room.subscribe(() => {
    const pictures = room.state.participants
      .flatMap(({ tracks }) => tracks.filter(({ kind }) => kind === 'video'))
      .slice(0, tiles)
      .map(({ producerId }) => producerId);
    if (pictures.join() === shown) return;
    shown = pictures.join();
    room.setView(pictures.map((producerId) => ({ producerId, ...size })));
  });
}
