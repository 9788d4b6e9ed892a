import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf } from './folders.mjs';
import { patchesFolder } from './recipe.mjs';

/**
 * The patches that a build gets, with the first line of each, which says what it does.
 * @param {string} [folder]
 * @returns {{ name: string, summary: string }[]}
 */
export function describePatches(folder = patchesFolder) {
  return entriesOf(folder).map(({ name }) => ({
    name,
    summary: readFileSync(join(folder, name), 'utf8').split('\n', 1)[0] ?? '',
  }));
}
