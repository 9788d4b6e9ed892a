import type { Tile } from './tiles.ts';

/** The tile of somebody whose camera is on, for tests; `me` is oneself. */
export const tileOf = (key: string, more: Partial<Tile> = {}): Tile => ({
  key,
  peerId: key,
  name: key,
  self: key === 'me',
  kind: 'person',
  track: undefined,
  producerId: undefined,
  picture: 'on',
  silent: false,
  handRaisedAt: undefined,
  reconnecting: false,
  locked: false,
  score: undefined,
  ...more,
});
