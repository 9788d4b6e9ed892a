/**
 * The hash of a file that never is in memory as a whole: SHA-256 over the SHA-256 of its blocks, in order. WebCrypto
 * cannot be fed piece by piece.
 */
export class FileDigest {
  readonly #blocks: Promise<Uint8Array>[] = [];

  /** Takes block `index`; once is enough. */
  add(index: number, block: Uint8Array<ArrayBuffer>): void {
    this.#blocks[index] ??= sha256(block);
  }

  has(index: number): boolean {
    return this.#blocks[index] !== undefined;
  }

  /** In hexadecimal; `undefined` where the platform cannot hash (pages that are not secure). Needs all `count` blocks. */
  async of(count: number): Promise<string | undefined> {
    if (!canHash()) return undefined;
    const hashes = await Promise.all(this.#blocks.slice(0, count));
    const joined = new Uint8Array(32 * count);
    hashes.forEach((hash, index) => joined.set(hash, 32 * index));
    const root = await sha256(joined);
    return Array.from(root, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

const canHash = (): boolean => globalThis.crypto?.subtle !== undefined;

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return canHash() ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : new Uint8Array(32);
}
