import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, makePrivate, manifestName, sha256, workerName } from './cache.mjs';
import { compile, compileSeconds } from './compile.mjs';
import { requireSpace } from './disk.mjs';
import { SetupError, explain } from './errors.mjs';
import { entriesOf } from './folders.mjs';
import { fetchLibsrtp } from './libsrtp.mjs';
import { cachedWorkerFolder, inspectCache } from './locate.mjs';
import { withLock } from './lock.mjs';
import { applyPatch } from './patch.mjs';
import { platformName } from './platform.mjs';
import { patchesFolder, recipeHash } from './recipe.mjs';
import { requireBuildTools } from './requirements.mjs';
import { proveWorker } from './prove.mjs';
import { withWorkspace } from './workspace.mjs';

/**
 * @typedef {import('./mediasoup.mjs').Mediasoup} Mediasoup
 * @typedef {import('./locate.mjs').LocatedWorker} LocatedWorker
 * @typedef {{ what: string, fraction?: number, expectedSeconds?: number }} Progress
 *
 * @typedef {object} BuildOptions
 * @property {Mediasoup} mediasoup
 * @property {string} node runs the self-test: a Node.js that runs TypeScript
 * @property {(progress: Progress) => void} report
 * @property {(warning: string) => void} warn
 * @property {AbortSignal | undefined} [signal]
 * @property {string | undefined} [logFile]
 */

/** Measured with some reserve: package lists, sources and objects. */
const neededMegabytes = 100;

/**
 * Builds the worker from the sources in mediasoup's npm package, proves it, and puts it into the user's cache. When
 * another process is building the same one, waits for that and takes its result.
 * @param {BuildOptions} options
 * @returns {Promise<LocatedWorker>}
 */
export async function buildWorker(options) {
  const { mediasoup, report, signal } = options;
  const build = { version: mediasoup.version, platform: platformName(), recipe: recipeHash() };
  const folder = cachedWorkerFolder(build);
  try {
    makePrivate(cacheFolder());
    makePrivate(dirname(folder));
    return await withLock(
      `${folder}.lock`,
      { signal, onWait: (pid) => report({ what: `Waiting for the worker that process ${pid} is building` }) },
      async () => {
        const found = inspectCache({ mediasoup });
        if (found.kind === 'trusted') return { bin: found.bin, source: 'cache', ...build };
        requireBuildTools();
        await withWorkspace(dirname(folder), (workspace) => buildInto(folder, workspace, build, options));
        return { bin: join(folder, workerName), source: 'cache', ...build };
      },
    );
  } catch (error) {
    throw explain(error, 'build the mediasoup worker');
  }
}

/**
 * @param {string} folder
 * @param {string} workspace
 * @param {{ version: string, platform: string, recipe: string }} build
 * @param {BuildOptions} options
 */
async function buildInto(folder, workspace, build, { mediasoup, node, report, warn, signal, logFile }) {
  requireSpace(workspace, neededMegabytes, 'build the mediasoup worker');
  const runOptions = { signal, logFile };
  report({ what: 'Preparing the sources of the mediasoup worker', expectedSeconds: 15 });
  const workerFolder = await prepareSources(mediasoup, workspace, runOptions);
  const libsrtpParent = join(workspace, 'libsrtp');
  mkdirSync(libsrtpParent);
  const libsrtp = await fetchLibsrtp(libsrtpParent, runOptions);
  if (libsrtp.kind === 'unavailable') {
    warn(
      `libsrtp is taken as the distribution built it (${libsrtp.why}): the worker will need up to twice the CPU per packet.`,
    );
  }

  const what = 'Compiling the mediasoup worker';
  report({ what, fraction: 0, expectedSeconds: compileSeconds });
  const compiled = await compile(
    {
      workerFolder,
      libsrtpFolder: libsrtp.kind === 'fetched' ? libsrtp.folder : undefined,
      buildFolder: join(workspace, 'build'),
      onProgress: (fraction) => report({ what, fraction, expectedSeconds: compileSeconds }),
    },
    runOptions,
  );
  report({ what: 'Testing the mediasoup worker', expectedSeconds: 5 });
  await proveWorker(compiled, node, runOptions);
  store(compiled, folder, workspace, { ...build, libsrtp: libsrtp.kind === 'fetched' ? 'openssl' : 'distribution' });
}

/**
 * Copies what the build reads and patches the copy; the npm package stays as it is.
 * @param {Mediasoup} mediasoup
 * @param {string} workspace
 * @param {Pick<import('./run.mjs').RunOptions, 'signal' | 'logFile'>} runOptions
 */
export async function prepareSources(mediasoup, workspace, runOptions) {
  const workerFolder = join(workspace, 'worker');
  for (const part of ['src', 'include', 'deps', 'fbs']) {
    cpSync(join(mediasoup.folder, 'worker', part), join(workerFolder, part), { recursive: true });
  }
  for (const { name } of entriesOf(patchesFolder)) {
    await applyPatch(join(patchesFolder, name), workerFolder, runOptions).catch((error) => {
      throw new SetupError(`mediasoup ${mediasoup.version} does not fit to this version of Potluck: ${error.message}.`);
    });
  }
  return workerFolder;
}

/**
 * @param {string} compiled
 * @param {string} folder
 * @param {string} workspace
 * @param {Omit<import('./cache.mjs').Manifest, 'size' | 'sha256'>} facts
 */
function store(compiled, folder, workspace, facts) {
  const finished = join(workspace, 'finished');
  mkdirSync(finished, { mode: 0o700 });
  const content = readFileSync(compiled);
  /** @type {import('./cache.mjs').Manifest} */
  const manifest = { ...facts, size: content.length, sha256: sha256(content) };
  writeFileSync(join(finished, workerName), content, { mode: 0o755 });
  writeFileSync(join(finished, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o644 });
  // A worker that was refused is in the way; a rename replaces no folder with content.
  rmSync(folder, { recursive: true, force: true });
  renameSync(finished, folder);
}
