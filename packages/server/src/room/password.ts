import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** Cheap enough to check on the main thread a few times a second, dear enough for a stolen memory image. */
const cost = { N: 1024, r: 8, p: 1 };

/** A room's password, kept as a salted hash (RFC 7914). */
export class Password {
  readonly #salt: Buffer;
  readonly #hash: Buffer;

  constructor(salt: Buffer, hash: Buffer) {
    this.#salt = salt;
    this.#hash = hash;
  }

  static of(password: string): Password {
    const salt = randomBytes(16);
    return new Password(salt, hashOf(password, salt));
  }

  /** From what `toString` gave; `undefined` if it is none. */
  static parse(text: string): Password | undefined {
    const match = /^([0-9a-f]{32}):([0-9a-f]{64})$/.exec(text);
    return match?.[1] && match[2]
      ? new Password(Buffer.from(match[1], 'hex'), Buffer.from(match[2], 'hex'))
      : undefined;
  }

  matches(password: string): boolean {
    return timingSafeEqual(this.#hash, hashOf(password, this.#salt));
  }

  toString(): string {
    return `${this.#salt.toString('hex')}:${this.#hash.toString('hex')}`;
  }
}

const hashOf = (password: string, salt: Buffer): Buffer => scryptSync(password.normalize('NFKC'), salt, 32, cost);
