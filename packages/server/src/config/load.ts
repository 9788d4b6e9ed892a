import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { crossCheck } from './cross-check.ts';
import { readEnvironment, unknownVariables, type Environment } from './environment.ts';
import { readConfigFile } from './file.ts';
import type { CommandLine } from './flags.ts';
import { allSettings, ConfigSchema, type Config, type Setting } from './schema.ts';
import { showSource, type Given, type Problem, type Source } from './source.ts';

export type LoadContext = { commandLine: CommandLine; env: Environment; folder: string };

export type LoadResult =
  | { kind: 'loaded'; config: Config; sources: ReadonlyMap<string, Source>; warnings: readonly string[] }
  | { kind: 'refused'; problems: readonly Problem[] };

/** Settings from defaults, file, environment and flags, each stronger than the one before, all checked. */
export async function loadConfig({ commandLine, env, folder }: LoadContext): Promise<LoadResult> {
  const file = await readConfigFile(commandLine.configFile ?? (env['POTLUCK_CONFIG'] || undefined), folder);
  const winners = new Map<string, Given>();
  for (const given of [...standards(env), ...file.given, ...readEnvironment(env), ...commandLine.given]) {
    winners.set(given.path, given);
  }
  const problems = [...file.problems, ...commandLine.problems];
  const values: Record<string, Record<string, unknown>> = {};
  for (const setting of allSettings) {
    const given = winners.get(setting.path);
    if (given === undefined) continue;
    const checked = setting.schema.safeParse(given.value);
    if (checked.success) (values[setting.group] ??= {})[setting.name] = absolute(setting, checked.data, folder);
    else problems.push({ where: `${showSource(given.source)} (${setting.path})`, what: refusal(setting, given.value) });
  }
  // What was refused is replaced by its default here, so that the checks across settings find their problems too.
  const config = ConfigSchema.parse(values);
  const sources = new Map([...winners].map(([path, given]) => [path, given.source]));
  problems.push(...crossCheck(config, (path) => showSource(sources.get(path) ?? { kind: 'default' })));
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'loaded', config, sources, warnings: unknownVariables(env) };
}

/** Defaults that the environment takes part in (XDG Base Directory Specification). */
function standards(env: Environment): Given[] {
  const xdg = env['XDG_DATA_HOME'];
  const data = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env['HOME'] || homedir(), '.local', 'share');
  return [{ path: 'data.folder', value: join(data, 'potluck'), source: { kind: 'default' } }];
}

const pathSettings = new Set([
  'https.certificateFile',
  'https.privateKeyFile',
  'media.workerBin',
  'media.dtlsCertificateFile',
  'media.dtlsPrivateKeyFile',
  'data.folder',
  'access.tokenKeysFile',
]);

const absolute = (setting: Setting, value: unknown, folder: string): unknown =>
  pathSettings.has(setting.path) && typeof value === 'string' ? resolve(folder, value) : value;

function refusal(setting: Setting, value: unknown): string {
  const shown = setting.secret === true ? 'a value' : (JSON.stringify(value) ?? String(value)).slice(0, 200);
  return `${shown} is not allowed; allowed: ${setting.allowed}`;
}
