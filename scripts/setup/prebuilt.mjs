import { rmSync } from 'node:fs';
import { prebuiltWorker } from '../../packages/engine/src/locate.mjs';
import { isExecutable, run } from '../../packages/engine/src/run.mjs';
import { runtimeNode } from './runtime.mjs';

const timeoutMs = 15_000;

/**
 * Tries mediasoup's own download of a ready worker, by its own script, which honours
 * MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL. Failing is nothing special: many networks have no way to GitHub.
 * @param {import('../../packages/engine/src/mediasoup.mjs').Mediasoup} mediasoup
 * @param {import('./main.mjs').StepContext} context
 * @returns {Promise<boolean>}
 */
export async function downloadPrebuilt(mediasoup, { report, signal, logFile }) {
  if (process.env['MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD']) return false;
  report({ what: 'Asking for a ready mediasoup worker', expectedSeconds: timeoutMs / 1000 });
  const { code } = await run(runtimeNode(), ['npm-scripts.mjs', 'postinstall'], {
    cwd: mediasoup.folder,
    signal,
    logFile,
    timeoutMs,
    // Without a download the script would start a build of its own, which needs GitHub again. It needs Python first.
    env: { PYTHON: 'no-python-because-we-build-it-ourselves' },
  });
  const bin = prebuiltWorker(mediasoup);
  if (code === 0 && isExecutable(bin)) return true;
  rmSync(bin, { force: true });
  return false;
}
