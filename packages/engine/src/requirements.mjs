import { SetupError } from './errors.mjs';
import { isOnPath } from './run.mjs';

/** What a build of the worker needs of the system: Debian's and Ubuntu's package names. */
export const buildPackages = [
  'g++',
  'cmake',
  'ninja-build',
  'pkg-config',
  'patch',
  'xz-utils',
  'libuv1-dev',
  'libssl-dev',
  'libabsl-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
  // Used only where the sources of libsrtp cannot be had.
  'libsrtp2-dev',
];

/** Names of the programs that come with them, for a check that starts nothing. */
const programs = ['c++', 'cmake', 'ninja', 'pkg-config', 'patch', 'tar', 'xz', 'flatc'];

/** @param {NodeJS.ProcessEnv} [env] */
export function requireBuildTools(env = process.env) {
  const missing = programs.filter((name) => !isOnPath(name, env));
  if (missing.length === 0) return;
  throw new SetupError(`The mediasoup worker must be built here, but ${listed(missing)} cannot be found.`, {
    remedy: `apt-get install -y ${buildPackages.join(' ')}`,
  });
}

/** @param {string[]} names */
function listed(names) {
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
