import type { ParticipantState, RoomState } from '@potluck/client';
import type { Unsubscribe } from '@potluck/kernel';
import type { CallRoom } from '../call/port.ts';
import type { Tile } from '../grid/tiles.ts';
import type { CallHistory } from './history.ts';
import { ownQuality, remoteQuality, type Quality } from './quality.ts';
import type { Readings } from './readings.ts';

const unknown: Quality = { level: 'unknown', cause: 'unknown' };

/** The quality of one tile over time, as a source for a view. One bad reading is not yet news: two in a row are. */
export class TileQuality {
  readonly #room: CallRoom;
  readonly #readings: Readings;
  readonly #tile: Pick<Tile, 'peerId' | 'kind' | 'self'>;
  readonly #heightNow: () => number;
  #shown: Quality = unknown;
  #bad = 0;

  /** `heightNow`: how high the tile is, in device pixels. */
  constructor(
    room: CallRoom,
    readings: Readings,
    tile: Pick<Tile, 'peerId' | 'kind' | 'self'>,
    heightNow: () => number,
  ) {
    this.#heightNow = heightNow;
    this.#room = room;
    this.#readings = readings;
    this.#tile = tile;
  }

  readonly get = (): Quality => this.#shown;

  readonly subscribe = (listener: () => void): Unsubscribe =>
    this.#readings.history.subscribe(() => {
      const now = qualityOf(this.#tile, this.#room.state, this.#readings.history.get(), this.#heightNow());
      this.#bad = now.level === 'fair' || now.level === 'poor' ? this.#bad + 1 : 0;
      if (this.#bad === 1 || (now.level === this.#shown.level && now.cause === this.#shown.cause)) return;
      this.#shown = now;
      listener();
    });
}

function qualityOf(
  tile: Pick<Tile, 'peerId' | 'kind' | 'self'>,
  state: RoomState,
  { streams }: CallHistory,
  shownHeight: number,
): Quality {
  const source = tile.kind === 'screen' ? 'screen' : 'camera';
  const isThis = (other: string) => (source === 'screen') === (other === 'screen');
  const stream = streams.find(
    ({ latest }) => latest.peerId === tile.peerId && latest.kind === 'video' && isThis(latest.source),
  )?.latest;
  if (tile.self) return ownQuality(stream);
  const participant: ParticipantState | undefined = state.participants.find(({ id }) => id === tile.peerId);
  if (participant === undefined) return unknown;
  return remoteQuality({ participant, source, stream, shownHeight, downlink: state.downlink });
}
