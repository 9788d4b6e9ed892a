import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** Cheap enough to check on the main thread a few times a second, dear enough for a stolen memory image. */
const cost = { N: 1024, r: 8, p: 1 };

/** A room's password, kept as a salted hash (RFC 7914). */
export class Password {
  readonly #salt = randomBytes(16);
  readonly #hash: Buffer;

  constructor(password: string) {
    this.#hash = this.#hashOf(password);
  }

  matches(password: string): boolean {
    return timingSafeEqual(this.#hash, this.#hashOf(password));
  }

  #hashOf(password: string): Buffer {
    return scryptSync(password.normalize('NFKC'), this.#salt, 32, cost);
  }
}
