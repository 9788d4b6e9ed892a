import { readdirSync } from 'node:fs';

/**
 * The entries of a folder in a fixed order; file systems have none.
 * @param {string} folder
 */
export function entriesOf(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  // oxlint-disable-next-line unicorn/no-array-sort -- toSorted() needs Node 20, and this also runs on 18
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
