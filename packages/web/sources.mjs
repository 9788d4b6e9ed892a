import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entriesOf } from '../engine/src/folders.mjs';

const web = dirname(fileURLToPath(import.meta.url));

/** In the folder of a built app: of which sources it is. Files with a dot are not served. */
export const builtFrom = '.sources';

/** The packages whose sources end up in the web app. */
const sources = ['web', 'client', 'protocol', 'kernel'];
const ignored = new Set(['node_modules', 'dist']);

/** Whether the built app is that of the sources as they are now, whoever built it. */
export function isBuilt(packages = dirname(web)) {
  const dist = join(packages, 'web', 'dist');
  if (!existsSync(join(dist, 'index.html')) || !existsSync(join(dist, builtFrom))) return false;
  return readFileSync(join(dist, builtFrom), 'utf8') === sourcesHash(packages);
}

/** By content, not by time: a fresh checkout of the same commit needs no new build. */
export function sourcesHash(packages = dirname(web)) {
  const hash = createHash('sha256');
  // Which version of what goes into it.
  const lock = join(packages, '..', 'package-lock.json');
  if (existsSync(lock)) hash.update(readFileSync(lock)).update('\0');
  for (const name of sources) {
    if (existsSync(join(packages, name))) addFolder(hash, join(packages, name), name);
  }
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} folder
 * @param {string} path what it is called in the hash
 */
function addFolder(hash, folder, path) {
  for (const entry of entriesOf(folder)) {
    if (ignored.has(entry.name) || /\.test\.\w+$/.test(entry.name)) continue;
    const file = join(folder, entry.name);
    const name = `${path}/${entry.name}`;
    if (entry.isDirectory()) addFolder(hash, file, name);
    else if (entry.isFile()) hash.update(`${name}\0`).update(readFileSync(file)).update('\0');
  }
}
