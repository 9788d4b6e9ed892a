import { AppError, Buckets, systemClock, type Clock, type Logger } from '@potluck/kernel';
import { noGrant, type Grant } from '@potluck/protocol';
import type { AccessMode } from '../room/access-mode.ts';
import { sameSecret } from '../room/broadcast-secret.ts';
import { issueToken, type TokenWish } from './issuing.ts';
import { BadToken, type TokenVerifier } from './verifier.ts';

export type AccessDeps = {
  readonly verifier: TokenVerifier;
  /** Signs tokens of this server. */
  readonly tokenSecret: string;
  /** Opens the HTTP interface for operators and integrators. */
  readonly apiKey: string;
  readonly mode: AccessMode;
  readonly log: Logger;
  readonly clock?: Clock;
};

/** Wrong tokens and keys from one address: so many at once, then one every two seconds. */
const failures = { burst: 20, perSecond: 0.5 };

/** Says who somebody is: checks tokens and keys, and slows down who guesses. */
export class Access {
  readonly mode: AccessMode;
  readonly #deps: AccessDeps;
  readonly #clock: Clock;
  readonly #failures = new Buckets(failures);
  /** Refusals that are told, in the same pace. */
  readonly #told = new Buckets(failures);

  constructor(deps: AccessDeps) {
    this.#deps = deps;
    this.mode = deps.mode;
    this.#clock = deps.clock ?? systemClock;
  }

  /** What somebody may be in a room. Without a token: nothing special, or refused where one is needed. */
  async grant(token: string | undefined, roomId: string, address: string): Promise<Grant> {
    if (token !== undefined) return this.#guarded(address, () => this.#deps.verifier.grant(token, roomId));
    if (this.mode !== 'members') return noGrant;
    throw this.#refused(address, new AppError('unauthorized', 'this server lets in only who has a token'));
  }

  /** For media over HTTP, where nobody can wait in a lobby: the key of the API, or a token; on an open server nothing. */
  async grantOverHttp(credential: string | undefined, roomId: string, address: string): Promise<Grant> {
    if (credential !== undefined) {
      return this.#guarded(address, async () => {
        if (!sameSecret(credential, this.#deps.apiKey)) return this.#deps.verifier.grant(credential, roomId);
        return { ...noGrant, role: 'speaker', invited: true };
      });
    }
    if (this.mode === 'open') return noGrant;
    const message = 'this needs a token, or the key of the API: Authorization: Bearer …';
    throw this.#refused(address, new AppError('unauthorized', message));
  }

  /** Returns for the key of the API; throws for everything else. */
  async requireApiKey(key: string | undefined, address: string): Promise<void> {
    await this.#guarded(address, async () => {
      if (key === undefined)
        throw new AppError('unauthorized', 'this needs the key of the API: Authorization: Bearer …');
      if (!sameSecret(key, this.#deps.apiKey)) throw new BadToken('it is not the key of the API');
    });
  }

  /** Longer than this no token is taken. */
  get maxLifetimeSeconds(): number {
    return this.#deps.verifier.maxLifetimeSeconds;
  }

  issue(wish: TokenWish): Promise<{ token: string; expiresAt: Date }> {
    return issueToken(this.#deps.tokenSecret, wish, new Date(this.#clock.now()));
  }

  /** Who failed too often is not even looked at for a while, right or wrong. */
  async #guarded<T>(address: string, check: () => Promise<T>): Promise<T> {
    if (!this.#failures.has(address, this.#clock.now())) {
      throw new AppError('rate_limited', 'too many wrong credentials from this address; try again in a while');
    }
    try {
      return await check();
    } catch (error) {
      throw this.#refused(address, error);
    }
  }

  /** The one place where it is counted and logged. */
  #refused(address: string, error: unknown): unknown {
    const now = this.#clock.now();
    if (error instanceof BadToken) this.#failures.take(address, now);
    if (error instanceof AppError && error.code === 'unauthorized') {
      const why = error instanceof BadToken ? error.why : 'none was shown';
      // Who shows none may knock as often as they like: the log is not to be filled by that.
      const level = this.#told.take(address, now) ? 'info' : 'debug';
      this.#deps.log[level]('credential refused', { address, why });
    }
    return error;
  }
}
