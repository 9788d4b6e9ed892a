import type { Emitter } from '@potluck/kernel';
import type { FileOffer, PeerId } from '@potluck/protocol';

/** How far a receiver is; `epoch` counts its attempts. */
export type FileReport = { readonly epoch: number; readonly received: number };

/** What we have of somebody's file. */
export type FetchState =
  | { readonly kind: 'none' }
  /** Asked for; the sender has not begun. */
  | { readonly kind: 'waiting' }
  /** `received` in bytes. */
  | { readonly kind: 'running'; readonly received: number }
  /** `verified`: its SHA-256 is what the sender says; false where one side cannot hash, then only its length was checked. */
  | { readonly kind: 'done'; readonly blob: Blob; readonly verified: boolean }
  /** `retry`: fetching again goes on where it ended. */
  | { readonly kind: 'failed'; readonly why: FetchFailure; readonly retry: boolean };

export type FetchFailure =
  /** We stopped it. */
  | 'cancelled'
  /** Its sender stopped it, or took the file back. */
  | 'refused'
  /** Its sender left. */
  | 'left'
  /** Nothing has come for a minute, or it never began. */
  | 'stalled'
  /** What came is not what was sent. */
  | 'corrupt'
  /** More came than was offered, or it is larger than we take. */
  | 'tooLarge'
  /** The server refused: too many at once, no data channels. */
  | 'failed';

/** A file in the room: of somebody else, or of ours. */
export type SharedFile = FileOffer & {
  readonly own: boolean;
  /** False: withdrawn, or its sender left. What was fetched of it stays. */
  readonly available: boolean;
  readonly fetch: FetchState;
  /** Of an own file: who is fetching it, and how many bytes have arrived there. */
  readonly sending: readonly { readonly peerId: PeerId; readonly received: number }[];
  /** Of an own file: who has it. */
  readonly receivedBy: readonly PeerId[];
};

/** A file on its way to us. */
export type FileFetch = {
  readonly id: string;
  readonly state: FetchState;
  readonly events: Emitter<{ progressed: [{ received: number; size: number }]; finished: [state: FetchState] }>;
  /** Rejects with an AppError: `unavailable` (left, stalled, cancelled), `too_large`, `internal` (corrupt), … */
  readonly done: Promise<Blob>;
  cancel(): void;
};

/** Files from participant to participant. Nothing is stored on the server: a file is there while its sender is. */
export type RoomFiles = {
  /** Bytes of one file, as the server says; 0 where none may be offered. */
  readonly maxBytes: number;
  /** Offers a file to everyone. `name` for a Blob that has none. Rejects with `too_large`, `forbidden`, `rate_limited`. */
  offer(file: Blob, options?: { name?: string; type?: string }): Promise<SharedFile>;
  /** Ends an own offer and all transfers of it. */
  withdraw(id: string): Promise<void>;
  /**
   * Asks for a file. A second call while it comes gives the same; after a failure it goes on where it ended. At most three
   * come at once; more wait.
   */
  fetch(id: string, options?: { maxBytes?: number; signal?: AbortSignal }): FileFetch;
  /** Stops sending an own file to somebody. */
  stopSending(id: string, peerId: string): void;
};
