import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf } from '../../packages/engine/src/folders.mjs';
import { npmRun } from './npm.mjs';
import { root, stamps } from './paths.mjs';

const web = join(root, 'packages', 'web');
const built = join(web, 'dist', 'index.html');
const stamp = join(stamps, 'web-sources');

/** The packages whose sources end up in the web app. */
const sources = ['web', 'client', 'protocol', 'kernel'];
const ignored = new Set(['node_modules', 'dist']);

/** @type {import('./main.mjs').Step} */
export const webStep = {
  task: 'build the web app',

  isDone() {
    if (!existsSync(join(web, 'index.html'))) return true;
    return existsSync(built) && readStamp() === sourcesHash();
  },

  async run({ report, signal, logFile }) {
    report({ what: 'Building the web app', expectedSeconds: 10 });
    // Taken before: what changes while it is built must lead to another build.
    const hash = sourcesHash();
    await npmRun('build', 'packages/web', { cwd: root, signal, logFile });
    mkdirSync(stamps, { recursive: true });
    writeFileSync(stamp, hash);
  },
};

/** @param {string} [packages] */
export function sourcesHash(packages = join(root, 'packages')) {
  const hash = createHash('sha256');
  for (const name of sources) {
    if (existsSync(join(packages, name))) addFolder(hash, join(packages, name), name);
  }
  return hash.digest('hex');
}

/**
 * By content, not by time: a fresh checkout of the same commit needs no new build.
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

function readStamp() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return undefined;
  }
}
