import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../packages/engine/src/cache.mjs';
import { entriesOf } from '../../packages/engine/src/folders.mjs';

/** The folder of this clone. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const nodeModules = join(root, 'node_modules');

/** What was done for the present node_modules; gone with it, as it should be. */
export const stamps = join(nodeModules, '.potluck');

/** One set-up at a time in one clone: npm empties node_modules before it fills it. */
export const setupLock = join(
  cacheFolder(),
  `setup-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`,
);

const keptLogs = 5;

/** Makes room for a new log file and names it; it lies outside node_modules, which npm removes on the way. */
export function newLogFile(now = new Date()) {
  const folder = join(cacheFolder(), 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Their names sort by time.
  const logs = entriesOf(folder).filter(({ name }) => /^setup-.*\.log$/.test(name));
  for (const { name } of logs.slice(0, -(keptLogs - 1))) rmSync(join(folder, name), { force: true });
  const time = now.toISOString().replace(/[:.]/g, '-');
  return join(folder, `setup-${time}-${process.pid}.log`);
}
