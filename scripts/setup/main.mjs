import { SetupError, Stopped, explain } from '../../packages/engine/src/errors.mjs';
import { withLock } from '../../packages/engine/src/lock.mjs';
import { engineStep } from './engine.mjs';
import { packagesStep } from './packages.mjs';
import { newLogFile, setupLock } from './paths.mjs';
import { ProgressLine, spell } from './progress.mjs';
import { runtimeStep } from './runtime.mjs';
import { testToolsStep } from './test-tools.mjs';
import { webStep } from './web.mjs';

/**
 * @typedef {object} StepContext
 * @property {(progress: import('./progress.mjs').Progress) => void} report
 * @property {(warning: string) => void} warn
 * @property {AbortSignal} signal
 * @property {string} logFile
 *
 * @typedef {object} Step
 * @property {string} task in words that follow "could not"
 * @property {() => boolean} isDone starts nothing: all of them together decide how long a second start takes
 * @property {(context: StepContext) => Promise<void>} run
 */

/**
 * Does what is missing, in order, and answers the exit code.
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export async function main(args) {
  /** @type {Step[]} */
  const steps = [runtimeStep, packagesStep, engineStep, webStep];
  if (args.includes('--test')) steps.unshift(testToolsStep);
  const stopping = stopOnSignals();
  const line = new ProgressLine();
  /** @type {string | undefined} */
  let logFile;
  try {
    requirePlatform();
    const started = Date.now();
    if (!steps.every(isDone)) {
      logFile = newLogFile();
      await runSteps(steps, line, { signal: stopping.signal, logFile });
      console.log(`Set up in ${spell((Date.now() - started) / 1000)}.`);
    } else {
      console.log('Everything is set up.');
    }
    return 0;
  } catch (error) {
    line.end();
    return fail(explain(error, 'set up Potluck'), logFile, stopping.exitCode());
  }
}

/**
 * @param {Step[]} steps
 * @param {ProgressLine} line
 * @param {{ signal: AbortSignal, logFile: string }} options
 */
async function runSteps(steps, line, { signal, logFile }) {
  const context = {
    signal,
    logFile,
    report: line.report.bind(line),
    warn: line.warn.bind(line),
  };
  /** @param {number} pid */
  const onWait = (pid) => console.log(`Another set-up of this folder is running (process ${pid}); waiting for it.`);
  await withLock(setupLock, { signal, onWait }, async () => {
    for (const [index, step] of steps.entries()) {
      if (isDone(step)) continue;
      line.enterStep(index + 1, steps.length);
      try {
        await step.run(context);
      } catch (error) {
        throw explain(error, step.task);
      }
    }
  });
  line.end();
}

/** @param {Step} step */
function isDone(step) {
  return step.isDone();
}

function requirePlatform() {
  if (process.platform === 'linux' || process.platform === 'darwin') return;
  throw new SetupError(`Potluck runs on Linux and macOS, not on ${process.platform}.`, {
    remedy: 'on Windows, use the Windows Subsystem for Linux',
  });
}

/**
 * The first signal ends the children and removes what is half done; a second one ends at once.
 */
function stopOnSignals() {
  const abort = new AbortController();
  let exitCode = 1;
  for (const [name, number] of /** @type {const} */ ([
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ])) {
    process.on(name, () => {
      if (abort.signal.aborted) process.exit(exitCode);
      exitCode = 128 + number;
      abort.abort();
    });
  }
  return { signal: abort.signal, exitCode: () => exitCode };
}

/**
 * @param {SetupError | Stopped} error
 * @param {string | undefined} logFile
 * @param {number} stoppedCode
 */
function fail(error, logFile, stoppedCode) {
  if (error instanceof Stopped) {
    console.error('Set-up stopped.');
    return stoppedCode;
  }
  const lines = [error.message, ...error.tail.map((line) => `    ${line.trim()}`)];
  if (error.remedy !== undefined) lines.push(`To solve it: ${error.remedy}`);
  if (logFile !== undefined) lines.push(`The whole log: ${logFile}`);
  console.error(lines.join('\n'));
  return 1;
}
