import { AppError, safeParse, systemCodeOf } from '@potluck/kernel';
import type { Grant, Role } from '@potluck/protocol';
import { decodeJwt, decodeProtectedHeader, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { Claims, grantOf, maxTokenLength } from './claims.ts';
import type { VerifyKey } from './key.ts';

/** Clocks of well-kept machines differ by no more. */
const clockToleranceSeconds = 10;

/** Keys that belong together, and what a token must say to be theirs. */
export type TokenSource = {
  readonly keys: readonly VerifyKey[] | JWTVerifyGetKey;
  readonly algorithms: readonly string[];
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** What a token of a provider that knows no rooms is worth. */
  readonly defaults?: { readonly room: '*'; readonly role: Role };
};

export type VerifierOptions = {
  /** Tokens that are valid for longer from now on are refused. */
  readonly maxLifetimeSeconds: number;
  readonly now?: () => Date;
};

/** Why a token was refused, for the log alone: the caller learns only that it was. */
export class BadToken extends AppError {
  readonly why: string;

  constructor(why: string, options?: ErrorOptions) {
    super('unauthorized', 'this token is not valid here', options);
    this.why = why;
  }
}

/** Checks tokens against the keys of this server. */
export class TokenVerifier {
  readonly #sources: readonly TokenSource[];
  readonly maxLifetimeSeconds: number;
  readonly #now: () => Date;

  constructor(sources: readonly TokenSource[], { maxLifetimeSeconds, now = () => new Date() }: VerifierOptions) {
    this.#sources = sources;
    this.maxLifetimeSeconds = maxLifetimeSeconds;
    this.#now = now;
  }

  /** What the token gives in this room. Rejects with BadToken; with `unavailable` when a provider's keys cannot be had. */
  async grant(token: string, roomId: string): Promise<Grant> {
    const grant = grantOf(await this.verify(token), roomId);
    if (grant === undefined) throw new BadToken('it is for another room');
    return grant;
  }

  async verify(token: string): Promise<Claims> {
    if (token.length > maxTokenLength) throw new BadToken('it is too long');
    const { alg, kid, issuer } = readHead(token);
    const source = this.#sources.find(
      (candidate) =>
        candidate.algorithms.includes(alg) && (candidate.issuer === undefined || candidate.issuer === issuer),
    );
    if (source === undefined) throw new BadToken('no key here is for its algorithm and issuer');
    const payload = await this.#checkSignature(token, source, { alg, kid });
    const claims = safeParse(Claims, { ...source.defaults, ...payload });
    if (!claims.success) throw new BadToken(`its claims are wrong: ${claims.error.issues[0]?.path.join('.') ?? ''}`);
    const left = claims.data.exp - this.#now().getTime() / 1000;
    if (left > this.maxLifetimeSeconds + clockToleranceSeconds) throw new BadToken('it is valid for too long');
    return claims.data;
  }

  async #checkSignature(
    token: string,
    source: TokenSource,
    { alg, kid }: { alg: string; kid: string | undefined },
  ): Promise<JWTPayload> {
    const options = {
      algorithms: [alg],
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp'],
      currentDate: this.#now(),
      ...(source.issuer !== undefined && { issuer: source.issuer }),
      ...(source.audience !== undefined && { audience: source.audience }),
    };
    const { keys } = source;
    if (typeof keys === 'function') return verified(() => jwtVerify(token, keys, options));
    const fitting = keys.filter(
      (key) => key.algorithms.includes(alg) && (key.kid === undefined || kid === undefined || key.kid === kid),
    );
    let refusal = new BadToken('no key has its id');
    for (const { key } of fitting) {
      try {
        return await verified(() => jwtVerify(token, key, options));
      } catch (error) {
        if (!(error instanceof BadToken)) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }
}

async function verified(verify: () => Promise<{ payload: JWTPayload }>): Promise<JWTPayload> {
  try {
    return (await verify()).payload;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new BadToken(systemCodeOf(error) ?? 'it cannot be read', {
      cause: error,
    });
  }
}

/** Read before it is verified, and only to choose the key. */
function readHead(token: string): { alg: string; kid: string | undefined; issuer: string | undefined } {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    if (typeof alg !== 'string') throw new BadToken('it names no algorithm');
    return { alg, kid: typeof kid === 'string' ? kid : undefined, issuer: typeof iss === 'string' ? iss : undefined };
  } catch (error) {
    if (error instanceof BadToken) throw error;
    throw new BadToken('it is no JWT', { cause: error });
  }
}
