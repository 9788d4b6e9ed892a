import { statfsSync } from 'node:fs';
import { SetupError } from './errors.mjs';

/**
 * Says so before a long task when it could only end with a full disk; tools tell of that in odd ways, or not at all.
 * @param {string} folder on the disk in question
 * @param {number} megabytes
 * @param {string} task in words that follow "to"
 */
export function requireSpace(folder, megabytes, task) {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free >= megabytes) return;
  throw new SetupError(
    `The disk is full: ${free} MB are free in ${folder}, and ${megabytes} MB are needed to ${task}.`,
    {
      remedy: 'make room, or set XDG_CACHE_HOME to a folder on another disk',
    },
  );
}
