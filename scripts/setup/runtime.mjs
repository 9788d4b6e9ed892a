import { chmodSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { cacheFolder, makePrivate, whyUnsafe } from '../../packages/engine/src/cache.mjs';
import { requireSpace } from '../../packages/engine/src/disk.mjs';
import { SetupError, Stopped } from '../../packages/engine/src/errors.mjs';
import { isExecutable, run } from '../../packages/engine/src/run.mjs';
import { withWorkspace } from '../../packages/engine/src/workspace.mjs';
import { npmInstall } from './npm.mjs';
import { nodeModules } from './paths.mjs';

/** From here on Node.js runs TypeScript without a warning and without a flag. */
const minimum = [24, 12];
/** What is fetched where the running one is older. */
const version = '24.21.0';
/** Its package unpacked; only the program itself is kept. */
const neededMegabytes = 220;

const runtimes = join(cacheFolder(), 'node');
const cachedNode = join(runtimes, `${version}-${process.platform}-${process.arch}`, 'node');
const link = join(nodeModules, '.bin', 'node');

/**
 * The Node.js that runs the server: the one that runs this, or the one in the cache where that is too old.
 * @returns {string}
 */
export function runtimeNode() {
  return isOurs(process.execPath) || !isRecent(process.versions.node) ? cachedNode : process.execPath;
}

/** @type {import('./main.mjs').Step} */
export const runtimeStep = {
  task: 'get Node.js 24',

  isDone() {
    return runtimeNode() !== cachedNode || (isUsable(cachedNode) && isLinked());
  },

  async run(context) {
    if (!isUsable(cachedNode)) await fetchNode(context);
    linkRuntime();
  },
};

/** Lets npm's scripts find the runtime: npm looks into node_modules/.bin first. `npm ci` removes the link each time. */
export function linkRuntime() {
  if (runtimeNode() !== cachedNode || isLinked()) return;
  mkdirSync(dirname(link), { recursive: true });
  // Replaced in one move: a script that starts meanwhile must find one or the other.
  const draft = `${link}.${process.pid}`;
  rmSync(draft, { force: true });
  symlinkSync(cachedNode, draft);
  renameSync(draft, link);
}

/** @param {import('./main.mjs').StepContext} context */
async function fetchNode({ report, signal, logFile }) {
  report({ what: `Fetching Node.js ${version}`, expectedSeconds: 15 });
  const name = `node-${process.platform}-${process.arch}`;
  makePrivate(cacheFolder());
  await withWorkspace(runtimes, async (folder) => {
    requireSpace(folder, neededMegabytes, 'fetch Node.js');
    // A package of its own, or npm would look for one in the folders above.
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    await npmInstall(['install', '--prefix', folder, '--no-save', `${name}@${version}`], {
      cwd: folder,
      signal,
      logFile,
    });
    const fetched = join(folder, 'node_modules', name, 'bin', 'node');
    await requireRunning(fetched, { signal, logFile });
    chmodSync(fetched, 0o755);
    makePrivate(dirname(cachedNode));
    renameSync(fetched, cachedNode);
  });
}

/**
 * @param {string} node
 * @param {Pick<import('../../packages/engine/src/run.mjs').RunOptions, 'signal' | 'logFile'>} options
 */
async function requireRunning(node, options) {
  // It is built for glibc; on another C library it cannot even be started.
  const answer = await run(node, ['--version'], options).catch((error) => {
    if (error instanceof Stopped) throw error;
  });
  if (answer?.lines.includes(`v${version}`)) return;
  throw new SetupError(
    `Potluck needs Node.js ${minimum.join('.')} or later, and npm's build of it does not run on this system.`,
    {
      remedy: `install Node.js ${minimum.join('.')} or later`,
    },
  );
}

/** @param {string} node */
function isUsable(node) {
  return isExecutable(node) && whyUnsafe(node) === undefined && whyUnsafe(dirname(node)) === undefined;
}

function isLinked() {
  try {
    return readlinkSync(link) === cachedNode;
  } catch {
    return false;
  }
}

/** @param {string} node */
function isOurs(node) {
  return node.startsWith(runtimes + sep);
}

/** @param {string} found */
export function isRecent(found) {
  const [major = 0, minor = 0] = found.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = minimum;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
