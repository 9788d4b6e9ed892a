import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npmInstall } from './npm.mjs';
import { root } from './paths.mjs';
import { linkRuntime } from './runtime.mjs';

/** @typedef {{ packages: Record<string, { version?: string, link?: boolean, optional?: boolean }> }} Lockfile */

/** @type {import('./main.mjs').Step} */
export const packagesStep = {
  task: 'install the npm packages',

  isDone() {
    return isInstalled(root);
  },

  async run({ report, signal, logFile }) {
    report({ what: 'Installing the npm packages', expectedSeconds: 30 });
    // Whatever NODE_ENV says: the tools that build the web app are development dependencies.
    try {
      await npmInstall(['ci', '--include=dev'], { cwd: root, signal, logFile });
    } catch (error) {
      // npm may have written its record of an installation that is not whole.
      rmSync(recordOf(root), { force: true });
      throw error;
    }
    linkRuntime();
  },
};

/**
 * Compares package-lock.json with npm's own record of what it has installed, so that an `npm install` by hand counts
 * as well as ours, and one that was broken off does not.
 * @param {string} folder
 */
export function isInstalled(folder) {
  const wanted = readLockfile(join(folder, 'package-lock.json'));
  const installed = readLockfile(recordOf(folder));
  if (!wanted || !installed) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const record = installed.packages[path];
    if (!record) return entry.optional === true || (entry.link === true && existsSync(join(folder, path)));
    return record.version === entry.version && existsSync(join(folder, path));
  });
}

/** @param {string} folder */
function recordOf(folder) {
  return join(folder, 'node_modules', '.package-lock.json');
}

/**
 * @param {string} file
 * @returns {Lockfile | undefined}
 */
function readLockfile(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
