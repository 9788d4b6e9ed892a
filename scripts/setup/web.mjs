import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../../packages/engine/src/errors.mjs';
import { withLock } from '../../packages/engine/src/lock.mjs';
import { isBuilt } from '../../packages/web/sources.mjs';
import { npmRun } from './npm.mjs';
import { newLogFile, root, setupLock } from './paths.mjs';

const task = 'build the web app';

/** @type {import('./main.mjs').Step} */
export const webStep = {
  task,

  isDone() {
    if (!existsSync(join(root, 'packages', 'web', 'index.html'))) return true;
    return isBuilt();
  },

  async run({ report, signal, logFile }) {
    report({ what: 'Building the web app', expectedSeconds: 10 });
    await build(logFile, signal);
  },
};

/**
 * For what looks at the app in a browser: builds it if its sources have changed since it was built, whoever built it. Some 15 ms when
 * they have not. Rejects with the reason when it cannot be built.
 */
export async function freshWebApp() {
  if (isBuilt()) return;
  await withLock(setupLock, {}, async () => {
    // Another test file may have been first.
    if (isBuilt()) return;
    console.error('The web app was built from other sources than these: building it …');
    try {
      await build(newLogFile());
    } catch (error) {
      throw explain(error, task);
    }
  });
}

/**
 * @param {string} logFile
 * @param {AbortSignal} [signal]
 */
const build = (logFile, signal) => npmRun('build', 'packages/web', { cwd: root, signal, logFile });
