import { fromText } from './convert.ts';
import { allSettings, environmentNames } from './schema.ts';
import type { Given } from './source.ts';
import { didYouMean } from './suggest.ts';

export type Environment = { readonly [name: string]: string | undefined };

/** Variables of ours that are no settings: read before there are any. */
const others = ['POTLUCK_CONFIG', 'POTLUCK_NODE'];

/** What the environment sets. An empty variable counts as unset, as compose files write it. */
export function readEnvironment(env: Environment): Given[] {
  return allSettings.flatMap((setting): Given[] => {
    const name = environmentNames(setting).find((candidate) => env[candidate]);
    const text = name === undefined ? undefined : env[name];
    if (name === undefined || text === undefined) return [];
    return [{ path: setting.path, value: fromText(text, setting.kind), source: { kind: 'environment', name } }];
  });
}

/**
 * Variables that look like ours and are not: probably misspelt. Only a warning, for an environment is shared with other
 * programs and versions.
 */
export function unknownVariables(env: Environment): string[] {
  const known = [...allSettings.flatMap(environmentNames), ...others];
  return Object.keys(env)
    .filter((name) => name.startsWith('POTLUCK_') && !known.includes(name))
    .map((name) => `${name} is not a setting of Potluck${didYouMean(name, known)}`);
}
