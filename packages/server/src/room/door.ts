import { AppError, assertNever, Buckets, systemClock, type Clock } from '@potluck/kernel';
import type { Grant, PeerId, RoomRules, Waiting } from '@potluck/protocol';
import type { RoomRecord } from '../store/room-record.ts';
import type { AccessMode } from './access-mode.ts';
import { Bans } from './bans.ts';
import { decideEntry, type GateDecision } from './gate.ts';
import { Password } from './password.ts';

/** At most so many wait at once; more are refused, so that a flood cannot bury the list. */
const maxWaiting = 200;

/** Passwords tried from one address, beyond which they are not even looked at: hashing costs, and guessing must not pay. */
const tries = { burst: 10, perSecond: 0.2 };

/** The way into one room: its lock, its password, who is banned and who waits. */
export class Door {
  readonly #mode: AccessMode;
  readonly bans: Bans;
  readonly #waiting = new Map<PeerId, Waiting>();
  /** Who was let in, with the address it came from: ids alone are known to everyone in the room. */
  readonly #admitted = new Map<PeerId, string>();
  readonly #addresses = new Map<PeerId, string>();
  readonly #tries = new Buckets(tries);
  readonly #clock: Clock;
  #password: Password | undefined;
  locked: boolean;

  /** `kept` is what was set before a restart. */
  constructor(mode: AccessMode, kept?: Pick<RoomRecord, 'locked' | 'password' | 'bans'>, clock: Clock = systemClock) {
    this.#mode = mode;
    this.#clock = clock;
    this.bans = new Bans(kept?.bans);
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

  /** What somebody would meet who says no password. Changes nothing. */
  ask({ peerId, address, invited }: { peerId: PeerId; address: string; invited: boolean }): GateDecision {
    return decideEntry(
      { mode: this.#mode, ...this.rules },
      {
        invited: invited || this.#admitted.get(peerId) === address,
        banned: this.bans.covers(peerId, address),
        passwordRight: false,
      },
    );
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
        invited: grant.invited || this.#admitted.get(peerId) === address,
        banned: this.bans.covers(peerId, address),
        passwordRight: password !== undefined && this.#isRight(password, address),
      },
    );
    switch (decision) {
      case 'enter':
        this.leaveLobby(peerId);
        return;
      case 'wait':
        this.#wait({ peerId, displayName, since: this.#waiting.get(peerId)?.since ?? this.#clock.now() }, address);
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
    const address = this.#addresses.get(peerId);
    this.#take(peerId);
    if (address !== undefined) this.#admitted.set(peerId, address);
  }

  deny(peerId: PeerId): void {
    this.#take(peerId);
  }

  /** Who was put out and comes back waits again. */
  forget(peerId: PeerId): void {
    this.#admitted.delete(peerId);
  }

  /** Gone, or in. Returns whether it waited. */
  leaveLobby(peerId: PeerId): boolean {
    this.#addresses.delete(peerId);
    return this.#waiting.delete(peerId);
  }

  #isRight(password: string, address: string): boolean {
    if (this.#password === undefined) return false;
    if (!this.#tries.take(address, this.#clock.now())) {
      throw new AppError('rate_limited', 'too many passwords were tried from this address; try again in a while');
    }
    return this.#password.matches(password);
  }

  #take(peerId: PeerId): void {
    this.#addresses.delete(peerId);
    if (!this.#waiting.delete(peerId)) throw new AppError('not_found', `nobody waits under the id ${peerId}`);
  }

  #wait(newcomer: Waiting & { peerId: PeerId }, address: string): void {
    if (this.#waiting.size >= maxWaiting && !this.#waiting.has(newcomer.peerId)) {
      throw new AppError('unavailable', 'too many wait to be let in');
    }
    this.#waiting.set(newcomer.peerId, newcomer);
    this.#addresses.set(newcomer.peerId, address);
  }
}
