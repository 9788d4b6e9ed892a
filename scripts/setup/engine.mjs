import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWorker } from '../../packages/engine/src/build.mjs';
import { SetupError, Stopped } from '../../packages/engine/src/errors.mjs';
import { inspectCache, locateWorker, prebuiltWorker } from '../../packages/engine/src/locate.mjs';
import { findMediasoup } from '../../packages/engine/src/mediasoup.mjs';
import { proveWorker } from '../../packages/engine/src/prove.mjs';
import { buildPackages } from '../../packages/engine/src/requirements.mjs';
import { stamps } from './paths.mjs';
import { downloadPrebuilt } from './prebuilt.mjs';
import { runtimeNode } from './runtime.mjs';
import { installSystemPackages } from './system.mjs';

/**
 * @typedef {import('./main.mjs').StepContext} StepContext
 * @typedef {import('../../packages/engine/src/mediasoup.mjs').Mediasoup} Mediasoup
 */

const provenStamp = join(stamps, 'proven-worker');

/** @type {import('./main.mjs').Step} */
export const engineStep = {
  task: 'get the mediasoup worker',

  isDone() {
    const worker = locateWorker();
    return worker !== undefined && (worker.source !== 'prebuilt' || isProven(worker.bin));
  },

  async run(context) {
    const mediasoup = findMediasoup();
    if (!mediasoup) throw new SetupError('The npm package mediasoup is not installed.', { remedy: 'npm ci' });
    const cached = inspectCache({ mediasoup });
    if (cached.kind === 'refused') context.warn(`the cached mediasoup worker is not used: ${cached.why}.`);

    if (locateWorker()?.source === 'prebuilt' && (await acceptPrebuilt(mediasoup, context))) return;
    if ((await downloadPrebuilt(mediasoup, context)) && (await acceptPrebuilt(mediasoup, context))) return;
    await installSystemPackages(buildPackages, 'to build the mediasoup worker', context);
    await buildWorker({ mediasoup, node: runtimeNode(), ...context });
  },
};

/**
 * Proves a worker that came ready-made. One that does not pass is removed, so that it is not tried again.
 * @param {Mediasoup} mediasoup
 * @param {StepContext} context
 */
async function acceptPrebuilt(mediasoup, { report, warn, signal, logFile }) {
  const bin = prebuiltWorker(mediasoup);
  report({ what: 'Testing the ready mediasoup worker', expectedSeconds: 5 });
  try {
    await proveWorker(bin, runtimeNode(), { signal, logFile });
  } catch (error) {
    if (error instanceof Stopped) throw error;
    warn(`the ready mediasoup worker is not used. ${/** @type {Error} */ (error).message}`);
    rmSync(bin, { force: true });
    return false;
  }
  mkdirSync(stamps, { recursive: true });
  writeFileSync(provenStamp, fingerprint(bin));
  return true;
}

/** @param {string} bin */
function isProven(bin) {
  try {
    return readFileSync(provenStamp, 'utf8') === fingerprint(bin);
  } catch {
    return false;
  }
}

/** @param {string} file */
function fingerprint(file) {
  const { size, mtimeMs, ino } = statSync(file);
  return `${size} ${mtimeMs} ${ino}`;
}
