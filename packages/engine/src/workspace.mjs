import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Gives `work` an empty folder that is gone afterwards, however it ends. It lies beside its result so that moving the
 * result is one rename. Folders of processes that were killed are removed on the way; call it under a lock.
 * @template T
 * @param {string} parent
 * @param {(folder: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withWorkspace(parent, work) {
  const prefix = '.building-';
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length)))) remove(join(parent, name));
  }
  const folder = join(parent, `${prefix}${process.pid}`);
  remove(folder);
  mkdirSync(folder, { mode: 0o700 });
  const clean = () => remove(folder);
  process.on('exit', clean);
  try {
    return await work(folder);
  } finally {
    process.off('exit', clean);
    clean();
  }
}

/** @param {string} folder */
function remove(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
