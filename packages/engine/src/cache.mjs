import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * @typedef {object} Manifest what is known of a cached worker
 * @property {string} version mediasoup's
 * @property {string} platform
 * @property {string} recipe
 * @property {'openssl' | 'distribution'} libsrtp whose cryptography its libsrtp uses
 * @property {number} size of the binary, in bytes
 * @property {string} sha256 of the binary
 *
 * @typedef {{ kind: 'trusted', bin: string, manifest: Manifest }
 *   | { kind: 'absent' }
 *   | { kind: 'refused', why: string }} Inspection
 */

export const workerName = 'mediasoup-worker';
export const manifestName = 'manifest.json';

/**
 * Potluck's folder in the user's cache folder, by the XDG base directory specification (which ignores relative paths).
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function cacheFolder(env = process.env) {
  const base = env['XDG_CACHE_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'potluck');
}

/**
 * Looks at a cached worker and says whether it may be run: it is a program that will get everyone's media, so nobody
 * else may have been able to change it, and it must still be what was built and tested.
 * @param {string} folder the worker's own, two levels below Potluck's cache folder
 * @param {Pick<Manifest, 'version' | 'platform' | 'recipe'>} expected
 * @returns {Inspection}
 */
export function inspectCached(folder, expected) {
  const bin = join(folder, workerName);
  const manifestFile = join(folder, manifestName);
  try {
    for (const path of [dirname(dirname(folder)), dirname(folder), folder, manifestFile, bin]) {
      const why = whyUnsafe(path);
      if (why !== undefined) return { kind: 'refused', why };
    }
    const manifest = readManifest(manifestFile);
    if (!manifest) return { kind: 'refused', why: 'its manifest cannot be read' };
    if (
      manifest.version !== expected.version ||
      manifest.platform !== expected.platform ||
      manifest.recipe !== expected.recipe
    ) {
      return { kind: 'refused', why: 'it was built for something else' };
    }
    const content = readFileSync(bin);
    if (content.length !== manifest.size) return { kind: 'refused', why: 'its size has changed' };
    if (sha256(content) !== manifest.sha256) return { kind: 'refused', why: 'its content has changed' };
    return { kind: 'trusted', bin, manifest };
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'refused', why: `it cannot be read (${code})` };
  }
}

/**
 * Why a file or folder may have been changed by somebody else, or undefined when it may not.
 * @param {string} path
 * @returns {string | undefined}
 */
export function whyUnsafe(path) {
  const stat = statSync(path);
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid && stat.uid !== 0) return `${path} belongs to another user`;
  if ((stat.mode & 0o022) !== 0) return `${path} may be changed by other users`;
  return undefined;
}

/**
 * Makes a folder in the cache, or takes one that a careless umask left open to others back for this user.
 * @param {string} folder
 */
export function makePrivate(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (statSync(folder).uid === process.getuid?.()) chmodSync(folder, 0o700);
}

/** @param {Uint8Array} content */
export function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * @param {string} file
 * @returns {Manifest | undefined}
 */
function readManifest(file) {
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    return typeof manifest === 'object' && manifest !== null ? manifest : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
