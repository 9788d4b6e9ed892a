import { AppError, assertNever } from '@potluck/kernel';
import type { Grant, PeerId, RoomRules, Waiting } from '@potluck/protocol';
import type { AccessMode } from './access-mode.ts';
import { decideEntry } from './gate.ts';
import { Password } from './password.ts';

/** At most so many wait at once; more are refused, so that a flood cannot bury the list. */
const maxWaiting = 200;

/** The way into one room: its lock, its password, who is banned and who waits. */
export class Door {
  readonly #mode: AccessMode;
  readonly #bannedIds = new Set<PeerId>();
  readonly #bannedAddresses = new Set<string>();
  readonly #waiting = new Map<PeerId, Waiting>();
  readonly #admitted = new Set<PeerId>();
  #password: Password | undefined;
  locked: boolean;

  /** `kept` is what was set before a restart. */
  constructor(mode: AccessMode, kept?: { locked: boolean; password?: string | undefined }) {
    this.#mode = mode;
    this.locked = kept?.locked ?? false;
    if (kept?.password !== undefined) this.#password = Password.parse(kept.password);
  }

  /** The salted hash, to be kept over a restart. */
  get password(): string | undefined {
    return this.#password?.toString();
  }

  get rules(): RoomRules {
    return { locked: this.locked, passwordSet: this.#password !== undefined };
  }

  get waiting(): Waiting[] {
    return [...this.#waiting.values()];
  }

  setPassword(password: string | undefined): void {
    this.#password = password === undefined ? undefined : Password.of(password);
  }

  /** By id, and by address where the address tells people apart. */
  ban(peerId: PeerId, address: string | undefined): void {
    this.#bannedIds.add(peerId);
    if (address !== undefined) this.#bannedAddresses.add(address);
  }

  /** Returns when somebody may enter; throws what they are told otherwise. `waiting`: they stand in the lobby now. */
  pass(who: {
    peerId: PeerId;
    displayName: string;
    address: string;
    grant: Grant;
    password: string | undefined;
  }): void {
    const { peerId, displayName, address, grant, password } = who;
    const decision = decideEntry(
      { mode: this.#mode, ...this.rules },
      {
        invited: grant.invited || this.#admitted.has(peerId),
        banned: this.#bannedIds.has(peerId) || this.#bannedAddresses.has(address),
        passwordRight: password !== undefined && this.#password?.matches(password) === true,
      },
    );
    switch (decision) {
      case 'enter':
        this.leaveLobby(peerId);
        return;
      case 'wait':
        this.#wait({ peerId, displayName, since: Date.now() });
        throw new AppError('waiting', 'somebody has to let you in');
      case 'banned':
        throw new AppError('forbidden', 'you were put out of this room');
      case 'locked':
        throw new AppError('forbidden', 'this room is locked');
      case 'needsPassword':
        throw new AppError('unauthorized', password === undefined ? 'this room has a password' : 'wrong password');
      case 'needsToken':
        throw new AppError('unauthorized', 'this server lets in only who has a token');
      default:
        assertNever(decision);
    }
  }

  /** Whoever waits under this id gets in when it asks again. Throws `not_found` if nobody does. */
  admit(peerId: PeerId): void {
    this.#take(peerId);
    this.#admitted.add(peerId);
  }

  deny(peerId: PeerId): void {
    this.#take(peerId);
  }

  /** Gone, or in. Returns whether it waited. */
  leaveLobby(peerId: PeerId): boolean {
    return this.#waiting.delete(peerId);
  }

  #take(peerId: PeerId): void {
    if (!this.#waiting.delete(peerId)) throw new AppError('not_found', `nobody waits under the id ${peerId}`);
  }

  #wait(newcomer: Waiting & { peerId: PeerId }): void {
    if (this.#waiting.size >= maxWaiting && !this.#waiting.has(newcomer.peerId)) {
      throw new AppError('unavailable', 'too many wait to be let in');
    }
    this.#waiting.set(newcomer.peerId, newcomer);
  }
}
