import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entriesOf } from './folders.mjs';

/** The folder of this package, which holds all that makes a difference to the binary but mediasoup's sources. */
export const engineFolder = dirname(dirname(fileURLToPath(import.meta.url)));

export const patchesFolder = join(engineFolder, 'patches');

const parts = ['CMakeLists.txt', 'cmake', 'compat', 'patches'];

/**
 * Names the way of building: a worker built another way has another hash.
 * @param {string} [folder]
 * @returns {string}
 */
export function recipeHash(folder = engineFolder) {
  const hash = createHash('sha256');
  for (const file of parts.flatMap((part) => filesBelow(folder, part))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {string} folder
 * @param {string} path relative to it, a file or a folder
 * @returns {string[]} relative to `folder`, in a fixed order
 */
function filesBelow(folder, path) {
  if (/\.[a-z]+$/.test(path)) return [path];
  return entriesOf(join(folder, path)).flatMap(({ name }) => filesBelow(folder, `${path}/${name}`));
}
