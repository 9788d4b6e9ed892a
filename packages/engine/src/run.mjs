import { spawn } from 'node:child_process';
import { accessSync, appendFileSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError, Stopped } from './errors.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] added to this process's own
 * @property {string | undefined} [logFile] gets everything that the tool prints
 * @property {AbortSignal | undefined} [signal]
 * @property {number} [timeoutMs]
 * @property {(line: string) => void} [onLine]
 *
 * @typedef {{ code: number | null, lines: string[] }} RunResult `lines` holds the last ones only
 */

const keptLines = 500;
const killAfterMs = 3_000;

// Some tools colour what they say even when nobody asked for it, and it ends up in the log and in sentences.
// oxlint-disable-next-line no-control-regex
const colours = /\x1b\[[0-9;]*m/g;

/** @type {Set<number>} */
const livingGroups = new Set();

// Whatever ends this process, no compiler stays behind. A group, because tools start tools.
process.on('exit', () => {
  for (const pid of livingGroups) killGroup(pid, 'SIGKILL');
});

/**
 * Runs a tool to its end in its own process group and answers with its exit code; ends it when `signal` aborts.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  const { cwd, env, logFile, signal, timeoutMs, onLine } = options;
  if (signal?.aborted) return Promise.reject(new Stopped());
  appendTo(logFile, `\n$ ${[command, ...args].join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (child.pid !== undefined) livingGroups.add(child.pid);
    /** @type {string[]} */
    const lines = [];
    /** @param {string} line */
    const take = (line) => {
      appendTo(logFile, `${line}\n`);
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      onLine?.(line);
    };
    splitLines(child.stdout, take);
    splitLines(child.stderr, take);

    /** @type {NodeJS.Timeout | undefined} */
    let killing;
    const stop = () => {
      if (child.pid === undefined || killing) return;
      const { pid } = child;
      killGroup(pid, 'SIGTERM');
      killing = setTimeout(() => killGroup(pid, 'SIGKILL'), killAfterMs);
    };
    signal?.addEventListener('abort', stop);
    const tooLong = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs);
    const finish = () => {
      signal?.removeEventListener('abort', stop);
      clearTimeout(tooLong);
      clearTimeout(killing);
      if (child.pid !== undefined) livingGroups.delete(child.pid);
    };

    child.on('error', (error) => {
      finish();
      const missing = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT';
      reject(missing ? new SetupError(`The program "${command}" is not installed.`, { cause: error }) : error);
    });
    child.on('close', (code) => {
      finish();
      if (signal?.aborted) reject(new Stopped());
      else resolve({ code, lines });
    });
  });
}

/**
 * Whether a program can be found, without starting it.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env]
 */
export function isOnPath(name, env = process.env) {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, name)));
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * @param {NodeJS.ReadableStream} stream
 * @param {(line: string) => void} take
 */
function splitLines(stream, take) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (/** @type {string} */ chunk) => {
    const lines = (rest + chunk).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) take(line.replace(colours, ''));
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}

/**
 * @param {string | undefined} file
 * @param {string} text
 */
function appendTo(file, text) {
  if (file === undefined) return;
  try {
    appendFileSync(file, text);
  } catch {
    // A log that cannot be written (a full disk) must not hide the failure that it would have told about.
  }
}
