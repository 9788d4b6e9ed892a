import { readFileSync } from 'node:fs';
import { SetupError, reasonInOutput } from '../../packages/engine/src/errors.mjs';
import { isOnPath, run } from '../../packages/engine/src/run.mjs';

/** apt asks nothing, and neither do the helpers that hook into it; sudo would ask for a password. */
const silently = ['DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_MODE=a', 'LC_ALL=C'];

/**
 * Those of the packages that dpkg does not have, by its own database; undefined on a system without dpkg.
 * @param {string[]} packages
 * @param {string} [statusFile]
 * @returns {string[] | undefined}
 */
export function missingPackages(packages, statusFile = '/var/lib/dpkg/status') {
  let status;
  try {
    status = readFileSync(statusFile, 'utf8');
  } catch {
    return undefined;
  }
  const installed = new Set(
    [...status.matchAll(/^Package: (\S+)\nStatus: (.+)$/gm)]
      .filter(([, , state]) => state?.endsWith(' ok installed'))
      .map(([, name]) => name),
  );
  return packages.filter((name) => !installed.has(name));
}

/**
 * Installs the missing ones of Debian's or Ubuntu's packages, where that is possible without asking anybody.
 * @param {string[]} packages
 * @param {string} purpose in words that follow "needed"
 * @param {import('./main.mjs').StepContext} context
 */
export async function installSystemPackages(packages, purpose, { report, signal, logFile }) {
  const missing = missingPackages(packages) ?? packages;
  if (missing.length === 0) return;
  const needed = `Some system packages are needed ${purpose}`;
  if (!isOnPath('apt-get')) {
    throw new SetupError(`${needed}, and this system has no apt to install them with.`, {
      remedy: `install what your system offers for: ${missing.join(' ')}`,
    });
  }
  const prefix = await rootPrefix({ signal, logFile });
  if (!prefix) {
    throw new SetupError(`${needed}, and this user may not install them.`, {
      remedy: `sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    });
  }

  const what = `Installing the system packages that are needed ${purpose}`;
  const expectedSeconds = 10 + 3 * missing.length;
  report({ what, expectedSeconds });
  /** @param {string[]} args */
  const apt = (args) =>
    run(/** @type {string} */ (prefix[0]), [...prefix.slice(1), 'apt-get', ...aptOptions, ...args], {
      signal,
      logFile,
      onLine(line) {
        const fraction = aptFraction(line);
        if (fraction !== undefined) report({ what, fraction, expectedSeconds });
      },
    });
  // Its exit code says nothing: one broken third-party mirror spoils it, and stale lists may still be good enough.
  await apt(['update']);
  const { code, lines } = await apt(['install', '-y', '--no-install-recommends', ...missing]);
  if (code !== 0) throw explainApt(lines, missing);
}

const aptOptions = [
  '-q',
  ...['-o', 'APT::Status-Fd=1'],
  ...['-o', 'Dpkg::Use-Pty=0'],
  ...['-o', 'DPkg::Lock::Timeout=120'],
  ...['-o', 'Dpkg::Options::=--force-confold'],
];

/**
 * How to run something as root without being asked; undefined when that is not possible.
 * @param {Pick<import('../../packages/engine/src/run.mjs').RunOptions, 'signal' | 'logFile'>} options
 */
async function rootPrefix(options) {
  if (process.getuid?.() === 0) return ['env', ...silently];
  if (!isOnPath('sudo')) return undefined;
  const { code } = await run('sudo', ['-n', 'true'], options);
  return code === 0 ? ['sudo', '-n', 'env', ...silently] : undefined;
}

/**
 * The lines that APT::Status-Fd gives: "dlstatus:…:percent:text" while it downloads, "pmstatus:…" while it installs.
 * @param {string} line
 */
export function aptFraction(line) {
  const match = /^(dl|pm)status:[^:]*(?::[^:]*)?:(\d+(?:\.\d+)?):/.exec(line);
  if (!match) return undefined;
  const half = Number(match[2]) / 200;
  return match[1] === 'dl' ? half : 0.5 + half;
}

/**
 * @param {string[]} lines
 * @param {string[]} packages
 */
export function explainApt(lines, packages) {
  const told = lines.filter((line) => /^(E:|dpkg: error)/.test(line));
  const text = told.join('\n');
  const reason = reasonInOutput(lines);
  if (reason !== undefined) return new SetupError(reason, { tail: told.slice(-3) });
  if (/Unable to fetch|Failed to fetch|Could not resolve|Could not connect/.test(text)) {
    return new SetupError('The mirror of the system packages cannot be reached.', {
      remedy: 'check the network and the package sources of this system',
    });
  }
  if (/Could not get lock|is another process using it/.test(text)) {
    return new SetupError('Another program is installing system packages.', { remedy: 'wait for it and start again' });
  }
  if (/Unable to locate package|has no installation candidate/.test(text)) {
    return new SetupError('Some system packages are not offered here, or their mirror cannot be reached.', {
      tail: told.slice(-3),
    });
  }
  return new SetupError('The system packages could not be installed.', {
    tail: told.slice(-3),
    remedy: `apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  });
}
