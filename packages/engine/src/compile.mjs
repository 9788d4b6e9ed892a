import { readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { SetupError, reasonInOutput } from './errors.mjs';
import { engineFolder } from './recipe.mjs';
import { run } from './run.mjs';

/** What one compiler was seen to take, with some reserve. */
const bytesPerCompiler = 650e6;
/** The whole build on one core, measured; only for telling how long it may take. */
const cpuSeconds = 165;

export const compilers = Math.max(1, Math.min(availableParallelism(), Math.floor(availableBytes() / bytesPerCompiler)));

/** How long compiling may take on this machine, in seconds. */
export const compileSeconds = Math.ceil(cpuSeconds / compilers);

/**
 * Compiles and links the worker; answers the path of the binary.
 * @param {object} what
 * @param {string} what.workerFolder the patched sources
 * @param {string | undefined} what.libsrtpFolder
 * @param {string} what.buildFolder
 * @param {(fraction: number) => void} what.onProgress
 * @param {Pick<import('./run.mjs').RunOptions, 'signal' | 'logFile'>} options
 * @returns {Promise<string>}
 */
export async function compile({ workerFolder, libsrtpFolder, buildFolder, onProgress }, options) {
  const configured = await run(
    'cmake',
    [
      ...['-G', 'Ninja', '-S', engineFolder, '-B', buildFolder],
      `-DWORKER_DIR=${workerFolder}`,
      `-DLIBSRTP_DIR=${libsrtpFolder ?? ''}`,
    ],
    options,
  );
  if (configured.code !== 0) throw failure('cmake did not find all that the worker needs', configured.lines);
  // libsrtp's many small files come first and uncounted: they would make the rest look half done within a second.
  if (libsrtpFolder !== undefined) await run('ninja', ['-C', buildFolder, 'srtp2'], options);
  const built = await run('ninja', ['-C', buildFolder, '-j', String(compilers), 'mediasoup-worker'], {
    ...options,
    env: { NINJA_STATUS: '[%f/%t] ' },
    onLine(line) {
      const fraction = ninjaFraction(line);
      if (fraction !== undefined) onProgress(fraction);
    },
  });
  if (built.code !== 0) throw failure('compiling the mediasoup worker failed', built.lines);
  return join(buildFolder, 'mediasoup-worker');
}

/** @param {string} line */
export function ninjaFraction(line) {
  const match = /^\[(\d+)\/(\d+)\]/.exec(line);
  return match ? Number(match[1]) / Number(match[2]) : undefined;
}

/**
 * @param {string} what
 * @param {string[]} lines
 */
function failure(what, lines) {
  const reason = reasonInOutput(lines);
  const sentence = `${what.charAt(0).toUpperCase()}${what.slice(1)}${reason === undefined ? '.' : `: ${reason}`}`;
  const telling = lines.filter((line) => /error|not found|missing|Killed|could not/i.test(line));
  return new SetupError(sentence, { tail: (telling.length > 0 ? telling : lines).slice(-5) });
}

/** Node's own answer does not count what the kernel would give back, up to Node 18. */
function availableBytes() {
  try {
    const available = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    return available === undefined ? freemem() : Number(available) * 1024;
  } catch {
    return freemem();
  }
}
