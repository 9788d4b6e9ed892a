import type { Emitter } from '@potluck/kernel';
import type { ConnectionQuery, Grant } from '@potluck/protocol';

/** One connected WebSocket as a session sees it: text frames in and out, no bytes, no pings. */
export type FrameSocket = {
  /** The client's address, after trusted proxies. */
  readonly remoteAddress: string;
  readonly open: boolean;
  readonly events: Emitter<{ received: [text: string]; closed: [code: number, reason: string] }>;
  send(text: string): void;
  /** Starts the closing handshake; `closed` follows at the latest after 5 s. */
  close(code: number, reason: string): void;
};

/** What the edge needs of the sessions, before and after the upgrade. */
export type SessionDoor = {
  /**
   * Before the 101: finds or opens the room. Rejects with an AppError, whose status becomes the HTTP answer
   * (`unavailable` while draining, `internal` when the room cannot be opened). `grant` is what a valid token gave,
   * `address` where it comes from.
   */
  admit(query: ConnectionQuery, grant?: Grant, address?: string): Promise<Admission>;
  /** Whether this is the return of a session that is still here: its secret is its ticket. */
  resumes(query: ConnectionQuery): boolean;
};

export type Admission = {
  /** After the 101. Call exactly one of the two. */
  attach(socket: FrameSocket): void;
  /** The upgrade failed. */
  cancel(): void;
};
