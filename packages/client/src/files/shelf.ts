import type { FileOffer, PeerId } from '@potluck/protocol';
import type { RoomState } from '../api.ts';
import type { FetchState, SharedFile } from './api.ts';

/** The files of a room's state. Pure; the same object when nothing changed. */

const nothing: FetchState = { kind: 'none' };

export function withOffer(state: RoomState, offer: FileOffer): RoomState {
  const known = state.files.find(({ id }) => id === offer.id);
  // An id is its first owner's: nobody else's bytes may come under what was shown of it.
  if (known !== undefined && known.peerId !== offer.peerId) return state;
  if (known !== undefined) return known.available ? state : patchFile(state, offer.id, { available: true });
  const fresh = { own: offer.peerId === state.me.id, available: true, fetch: nothing, sending: [], receivedBy: [] };
  return { ...state, files: [...state.files, { ...offer, ...fresh }].toSorted((a, b) => a.offeredAt - b.offeredAt) };
}

export const withoutOffer = (state: RoomState, id: string): RoomState =>
  patchFile(state, id, { available: false, sending: [] });

/** What the server says can be had now. */
export function withOffers(state: RoomState, offers: readonly FileOffer[]): RoomState {
  const current = new Set<string>(offers.map(({ id }) => id));
  const gone = state.files.filter(({ id, available }) => available && !current.has(id));
  const without = gone.reduce((next, { id }) => withoutOffer(next, id), state);
  return offers.reduce(withOffer, without);
}

/** `received` undefined: it is over. */
export function withSending(state: RoomState, id: string, peerId: PeerId, received: number | undefined): RoomState {
  const file = state.files.find((one) => one.id === id);
  if (file === undefined) return state;
  const known = file.sending.some((one) => one.peerId === peerId);
  if (received === undefined && !known) return state;
  const others = file.sending.filter((one) => one.peerId !== peerId);
  if (received === undefined) return patchFile(state, id, { sending: others });
  const sending = known
    ? file.sending.map((one) => (one.peerId === peerId ? { peerId, received } : one))
    : [...file.sending, { peerId, received }];
  return patchFile(state, id, { sending });
}

export function withReceiver(state: RoomState, id: string, peerId: PeerId): RoomState {
  const file = state.files.find((one) => one.id === id);
  if (file === undefined || file.receivedBy.includes(peerId)) return state;
  return patchFile(state, id, { receivedBy: [...file.receivedBy, peerId] });
}

export function patchFile(state: RoomState, id: string, patch: Partial<SharedFile>): RoomState {
  if (!state.files.some((file) => file.id === id)) return state;
  return { ...state, files: state.files.map((file) => (file.id === id ? { ...file, ...patch } : file)) };
}
