/**
 * Builds and runs the tests of what the patches and `compat/` add to the worker:
 * `node packages/engine/src/test-patches.mjs [runs]`. The fuzz tests make that many random inputs (20,000 when not told);
 * with clang as CXX that of the patches is libFuzzer.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareSources } from './build.mjs';
import { SetupError } from './errors.mjs';
import { findMediasoup } from './mediasoup.mjs';
import { engineFolder } from './recipe.mjs';
import { requireBuildTools } from './requirements.mjs';

const [runs = '20000'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'potluck-patches-'));
try {
  if (!/^[1-9]\d{0,8}$/.test(runs)) throw new SetupError(`"${runs}" is no number of runs; allowed: 1 to 999999999.`);
  const mediasoup = findMediasoup();
  if (!mediasoup) throw new SetupError('The npm package mediasoup is not installed; type `npm install` first.');
  requireBuildTools();
  const workerFolder = await prepareSources(mediasoup, folder, {});
  const build = join(folder, 'build');
  const defines = [`-DWORKER_DIR=${workerFolder}`, '-DLIBSRTP_DIR=', '-DPOTLUCK_TESTS=ON'];
  tool('cmake', ['-G', 'Ninja', '-S', engineFolder, '-B', build, ...defines], 'ignore');
  tool('ninja', ['-C', build, 'srtp-stream-list-test', 'udp-send-batcher-test', 'udp-send-batcher-fuzz']);
  tool(join(build, 'srtp-stream-list-test'), [runs]);
  tool(join(build, 'udp-send-batcher-test'), []);
  const isClang = (process.env['CXX'] ?? '').includes('clang');
  tool(join(build, 'udp-send-batcher-fuzz'), isClang ? [`-runs=${runs}`, '-max_len=600'] : [runs]);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {'inherit' | 'ignore'} stdout
 */
function tool(command, args, stdout = 'inherit') {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', stdout, 'inherit'] });
  if (error) throw new SetupError(`${command} cannot be run: ${error.message}`);
  if (status !== 0) throw new SetupError(`${command} failed (exit code ${status}).`);
}
