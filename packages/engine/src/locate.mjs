import { join } from 'node:path';
import { cacheFolder, inspectCached, workerName } from './cache.mjs';
import { readChoice } from './choice.mjs';
import { SetupError } from './errors.mjs';
import { findMediasoup } from './mediasoup.mjs';
import { platformName } from './platform.mjs';
import { recipeHash } from './recipe.mjs';
import { isExecutable } from './run.mjs';

/**
 * @typedef {import('./cache.mjs').Inspection} Inspection
 * @typedef {import('./mediasoup.mjs').Mediasoup} Mediasoup
 *
 * @typedef {object} LocatedWorker
 * @property {string} bin the binary to give to mediasoup.createWorker()
 * @property {'env' | 'cache' | 'prebuilt'} source
 * @property {string} version mediasoup's
 * @property {string} [recipe] how it was built, if it was built here
 * @property {import('./cache.mjs').Manifest['libsrtp']} [libsrtp] whose cryptography it uses, if it was built here
 * @property {Record<string, string>} [env] what its environment must have besides
 *
 * @typedef {object} LocateOptions
 * @property {NodeJS.ProcessEnv} [env]
 * @property {Mediasoup | undefined} [mediasoup] the npm package that the worker belongs to
 * @property {string} [platform]
 * @property {string} [recipe]
 */

/**
 * Finds a worker binary that may be used as it is, without starting anything; undefined when there is none yet.
 * @param {LocateOptions} [options]
 * @returns {LocatedWorker | undefined}
 */
export function locateWorker(options = {}) {
  const { env = process.env, mediasoup = findMediasoup() } = options;
  if (!mediasoup) return undefined;
  const { version } = mediasoup;

  const named = env['MEDIASOUP_WORKER_BIN'];
  if (named) {
    if (!isExecutable(named)) {
      throw new SetupError(`MEDIASOUP_WORKER_BIN names "${named}", which is not a program that can be run.`);
    }
    return { bin: named, source: 'env', version };
  }

  const choice = readChoice(env);
  const prebuilt = prebuiltWorker(mediasoup);
  if (choice === 'prebuilt' && !isExecutable(prebuilt)) {
    throw new SetupError(`The prebuilt worker was chosen, but mediasoup ${version} has none here (${prebuilt}).`, {
      remedy: 'npx potluck engine use tuned',
    });
  }

  const cached = choice === 'prebuilt' ? undefined : inspectCache({ ...options, mediasoup });
  if (cached?.kind === 'trusted') {
    const { recipe, libsrtp } = cached.manifest;
    const plain = choice === 'plain' ? { env: { MEDIASOUP_UDP_GSO: 'off' } } : {};
    return { bin: cached.bin, source: 'cache', version, recipe, libsrtp, ...plain };
  }

  return isExecutable(prebuilt) ? { bin: prebuilt, source: 'prebuilt', version } : undefined;
}

/**
 * Looks at the cached build for exactly this mediasoup version, platform and build recipe.
 * @param {LocateOptions & { mediasoup: Mediasoup }} options
 * @returns {Inspection}
 */
export function inspectCache({ env = process.env, mediasoup, platform = platformName(), recipe = recipeHash() }) {
  const expected = { version: mediasoup.version, platform, recipe };
  return inspectCached(cachedWorkerFolder(expected, env), expected);
}

/**
 * @param {{ version: string, platform: string, recipe: string }} build
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function cachedWorkerFolder({ version, platform, recipe }, env = process.env) {
  return join(cacheFolder(env), 'engine', `${version}-${platform}-${recipe}`);
}

/**
 * Where mediasoup's own install step puts the binary that it downloads.
 * @param {Mediasoup} mediasoup
 * @returns {string}
 */
export function prebuiltWorker({ folder }) {
  return join(folder, 'worker', 'out', 'Release', workerName);
}
