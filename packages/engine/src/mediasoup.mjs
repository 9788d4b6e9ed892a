import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { engineFolder } from './recipe.mjs';

/** @typedef {{ folder: string, version: string }} Mediasoup the installed npm package */

/**
 * Finds the npm package as Node would, but by its folder: its sources and its binary are no modules.
 * @param {string} [from]
 * @returns {Mediasoup | undefined}
 */
export function findMediasoup(from = engineFolder) {
  const folder = join(from, 'node_modules', 'mediasoup');
  const file = join(folder, 'package.json');
  if (existsSync(file)) return { folder, version: JSON.parse(readFileSync(file, 'utf8')).version };
  const parent = dirname(from);
  return parent === from ? undefined : findMediasoup(parent);
}
