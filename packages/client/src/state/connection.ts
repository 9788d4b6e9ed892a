import type { ConnectionState, EndedReason, RoomState } from '../api.ts';
import type { Store } from './store.ts';

export type Recovery = { attempt: number; since: number };

export type ConnectionDeps = {
  store: Store<RoomState>;
  /** The room has been entered, or what it takes is under way again. */
  entered: () => boolean;
  ended: () => boolean;
};

/** How the connection is, as the state of the room shows it. */
export class Connection {
  readonly #deps: ConnectionDeps;
  #signalling: Recovery | undefined;
  #media: Recovery | undefined;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
  }

  get joining(): boolean {
    return this.#deps.store.state.connection.kind === 'joining';
  }

  /** Somebody has to let us in. */
  waitInLobby(): void {
    if (this.joining) this.#show({ kind: 'joining', inLobby: true });
  }

  /** `undefined`: the socket is there. */
  signalling(recovery: Recovery | undefined): void {
    this.#signalling = recovery;
    this.#mend();
  }

  /** `undefined`: the media path is up. */
  media(recovery: Recovery | undefined): void {
    this.#media = recovery;
    this.#mend();
  }

  end(reason: EndedReason, message: string): void {
    this.#show({ kind: 'ended', reason, message });
  }

  #mend(): void {
    const { store, entered, ended } = this.#deps;
    // Once in the room, entering again is part of getting back.
    if (ended() || (this.joining && !entered())) return;
    const connection = connectionOf(this.#signalling, this.#media);
    if (store.state.connection.kind !== 'connected' || connection.kind !== 'connected') this.#show(connection);
  }

  #show(connection: ConnectionState): void {
    this.#deps.store.update((state) => ({ ...state, connection }));
  }
}

/** What is shown of the two things that may be under repair; without signalling the media cannot be repaired either. */
function connectionOf(signalling: Recovery | undefined, media: Recovery | undefined): ConnectionState {
  if (signalling !== undefined) return { kind: 'reconnecting', what: 'signalling', ...signalling };
  if (media !== undefined) return { kind: 'reconnecting', what: 'media', ...media };
  return { kind: 'connected' };
}
