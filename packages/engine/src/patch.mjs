import { run } from './run.mjs';

/**
 * @param {string} file a unified diff whose paths have one folder to strip
 * @param {string} folder
 * @param {Pick<import('./run.mjs').RunOptions, 'signal' | 'logFile'>} options
 */
export async function applyPatch(file, folder, options) {
  const { code } = await run('patch', ['--batch', '--forward', '-p1', '-d', folder, '-i', file], options);
  if (code !== 0) throw new Error(`the patch ${file.slice(file.lastIndexOf('/') + 1)} does not fit`);
}
