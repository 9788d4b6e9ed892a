import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './cache.mjs';
import { SetupError, Stopped } from './errors.mjs';
import { applyPatch } from './patch.mjs';
import { privateApt } from './private-apt.mjs';
import { isOnPath, run } from './run.mjs';

/**
 * @typedef {import('./run.mjs').RunOptions} RunOptions
 * @typedef {{ kind: 'fetched', folder: string } | { kind: 'unavailable', why: string }} Fetched
 */

/**
 * Fetches the distribution's source package of libsrtp 2 and unpacks it with the distribution's fixes. Its binary
 * package cannot be used without loss: it is built on NSS, which doubles the worker's cost per packet.
 * @param {string} into an empty folder of our own
 * @param {Pick<RunOptions, 'signal' | 'logFile'>} options
 * @returns {Promise<Fetched>}
 */
export async function fetchLibsrtp(into, options) {
  try {
    return await fetchWithApt(into, options);
  } catch (error) {
    if (error instanceof Stopped || error instanceof SetupError) throw error;
    return { kind: 'unavailable', why: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * @param {string} into
 * @param {Pick<RunOptions, 'signal' | 'logFile'>} options
 * @returns {Promise<Fetched>}
 */
async function fetchWithApt(into, options) {
  if (!isOnPath('apt-get')) return { kind: 'unavailable', why: 'this system has no apt-get' };
  const apt = privateApt(into);
  if (!apt) return { kind: 'unavailable', why: 'this system declares no package sources' };
  const downloads = join(into, 'downloads');
  mkdirSync(downloads);
  const runOptions = { ...options, cwd: downloads, env: { LC_ALL: 'C' }, timeoutMs: 120_000 };
  // One broken third-party source must not matter as long as libsrtp is found, so only the last answer counts.
  await run('apt-get', [...apt, 'update'], runOptions);
  const uris = await run('apt-get', [...apt, '--print-uris', 'source', 'libsrtp2'], runOptions);
  const expected = parseUris(uris.lines);
  const original = expected.find(({ name }) => /^libsrtp2_.*\.orig\.tar\.\w+$/.test(name));
  if (uris.code !== 0 || !original) {
    return { kind: 'unavailable', why: 'the package mirror offers no source package of it, or cannot be reached' };
  }
  const download = await run('apt-get', [...apt, '--download-only', 'source', 'libsrtp2'], runOptions);
  if (download.code !== 0) return { kind: 'unavailable', why: 'its source package could not be downloaded' };
  for (const { name, checksum } of expected) {
    if (sha256(readFileSync(join(downloads, name))) !== checksum) {
      return { kind: 'unavailable', why: `the checksum of ${name} is wrong` };
    }
  }
  const folder = join(into, 'source');
  await unpack(join(downloads, original.name), folder, options);
  const fixes = expected.find(({ name }) => /\.debian\.tar\.\w+$/.test(name));
  if (fixes) await applyFixes(join(downloads, fixes.name), folder, options);
  return { kind: 'fetched', folder };
}

/**
 * The lines of `apt-get --print-uris`: 'address' name size SHA256:checksum.
 * @param {string[]} lines
 */
export function parseUris(lines) {
  return lines.flatMap((line) => {
    const match = /^'[^']+' ([A-Za-z0-9._+~-]+) \d+ SHA256:([0-9a-f]{64})$/.exec(line.trim());
    return match ? [{ name: /** @type {string} */ (match[1]), checksum: match[2] }] : [];
  });
}

/**
 * @param {string} archive
 * @param {string} folder
 * @param {Pick<RunOptions, 'signal' | 'logFile'>} options
 */
async function unpack(archive, folder, options) {
  mkdirSync(folder);
  const { code } = await run('tar', ['-xf', archive, '-C', folder, '--strip-components=1', '--no-same-owner'], options);
  if (code !== 0) throw new Error('its source package could not be unpacked');
}

/**
 * Security fixes of a stable release come as patches beside the original sources.
 * @param {string} archive
 * @param {string} folder
 * @param {Pick<RunOptions, 'signal' | 'logFile'>} options
 */
async function applyFixes(archive, folder, options) {
  const debian = `${folder}-debian`;
  await unpack(archive, debian, options);
  const patches = join(debian, 'patches');
  if (!readdirSync(debian).includes('patches')) return;
  for (const name of seriesOf(readFileSync(join(patches, 'series'), 'utf8'))) {
    await applyPatch(join(patches, name), folder, options);
  }
}

/** @param {string} text a quilt series file */
export function seriesOf(text) {
  return text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*/, '').trim())
    .filter((line) => line !== '');
}
