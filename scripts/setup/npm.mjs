import { SetupError, reasonInOutput } from '../../packages/engine/src/errors.mjs';
import { run } from '../../packages/engine/src/run.mjs';

/** npm would try for minutes when there is no network; the person at the terminal should hear of it sooner. */
const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=warn'];

/** What an `npm … start` around this process may have been told must not reach another npm. */
const foreign = ['npm_config_workspace', 'npm_config_workspaces', 'npm_config_global', 'npm_config_dry_run'];

/**
 * Installs without running any package's install script: none of ours needs one but mediasoup, whose script wants
 * GitHub, and whose worker has a step of its own.
 * @param {string[]} args
 * @param {import('../../packages/engine/src/run.mjs').RunOptions} options
 */
export async function npmInstall(args, options) {
  const { code, lines } = await npm([...args, '--ignore-scripts', '--prefer-offline', ...patience, ...quiet], options);
  // With a full disk npm writes half of the files, says so in a warning, and calls it a success.
  const isBroken = lines.some((line) => line.includes('TAR_ENTRY_ERROR'));
  if (code !== 0 || isBroken) throw explainInstall(args, lines);
}

/**
 * Runs a script of a workspace's package.json.
 * @param {string} script
 * @param {string} workspace
 * @param {import('../../packages/engine/src/run.mjs').RunOptions} options
 */
export async function npmRun(script, workspace, options) {
  const { code, lines } = await npm(['run', script, '--workspace', workspace], options);
  if (code !== 0) throw explainScript(`${script} of ${workspace}`, lines);
}

/**
 * @param {string[]} args
 * @param {import('../../packages/engine/src/run.mjs').RunOptions} options
 */
function npm(args, options) {
  const env = { ...options.env, ...Object.fromEntries(foreign.map((name) => [name, undefined])) };
  return run('npm', args, { ...options, env });
}

/** @type {[RegExp, string, string?][]} */
const known = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ECONNABORTED/,
    'The npm registry cannot be reached.',
    'check the network, and the registry and proxy that npm is set to',
  ],
  [/CERT_|SELF_SIGNED|UNABLE_TO_VERIFY/, 'The certificate of the npm registry is not trusted here.'],
  [/EINTEGRITY/, 'A package from the npm registry is not the one that package-lock.json demands.', 'npm cache verify'],
  [/code EUSAGE/, 'package-lock.json does not fit to package.json.', 'npm install'],
  [/code (E404|ETARGET|ENOVERSIONS)/, 'The npm registry does not have all packages.'],
  [/code E40[13]/, 'The npm registry refuses this user.', 'npm login'],
];

/**
 * @param {string[]} args
 * @param {string[]} lines what npm said
 */
export function explainInstall(args, lines) {
  const told = lines.filter(
    (line) => /^npm (error|ERR!)/.test(line) && !/complete log|^npm (error|ERR!)\s*$/.test(line),
  );
  const reason = reasonInOutput(lines);
  if (reason !== undefined) return new SetupError(reason, { tail: told.slice(0, 3) });
  const found = known.find(([pattern]) => pattern.test(lines.join('\n')));
  if (found) return new SetupError(found[1], { remedy: found[2] });
  return new SetupError(`"npm ${args[0]}" failed.`, { tail: (told.length > 0 ? told : lines).slice(-5) });
}

/**
 * @param {string} what
 * @param {string[]} lines what the script and npm said
 */
export function explainScript(what, lines) {
  const own = lines.filter((line) => line.trim() !== '' && !/^npm (error|ERR!)|^\s+at /.test(line));
  const first = own.findIndex((line) => /error/i.test(line));
  return new SetupError(`The script ${what} failed${reasonAfterColon(lines)}`, {
    tail: first === -1 ? own.slice(-6) : own.slice(first, first + 6),
  });
}

/** @param {string[]} lines */
function reasonAfterColon(lines) {
  const reason = reasonInOutput(lines);
  return reason === undefined ? '.' : `: ${reason}`;
}
