import { join } from 'node:path';
import { SetupError } from './errors.mjs';
import { engineFolder } from './recipe.mjs';
import { run } from './run.mjs';

/**
 * Runs the self-test on a worker binary; throws with its sentence when the binary does not pass.
 * @param {string} bin
 * @param {string} node a Node.js that runs TypeScript
 * @param {Pick<import('./run.mjs').RunOptions, 'signal' | 'logFile'>} options
 * @returns {Promise<string>} what was proven
 */
export async function proveWorker(bin, node, options) {
  const { code, lines } = await run(node, [join(engineFolder, 'src', 'selftest.ts'), bin], {
    ...options,
    timeoutMs: 40_000,
    // A debugging session of the person at the terminal must not reach into the test.
    env: { NODE_OPTIONS: '', DEBUG: '' },
  });
  const verdict = lines.findLast((line) => /^(Passed|Failed): /.test(line))?.replace(/^\w+: /, '');
  if (code === 0 && verdict !== undefined) return verdict;
  throw new SetupError(`The mediasoup worker did not pass its self-test: ${verdict ?? 'the test ended early'}.`, {
    tail: lines.slice(-5),
  });
}
