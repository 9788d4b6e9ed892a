import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '@potluck/kernel';
import { z } from 'zod';
import { settingGroups } from './schema.ts';
import type { Given, Problem } from './source.ts';
import { didYouMean } from './suggest.ts';

/** Looked for in the working directory, the first that exists is taken. */
export const configFileNames = ['potluck.config.ts', 'potluck.config.mjs', 'potluck.config.json'] as const;

export type FileSettings = { given: Given[]; problems: Problem[] };

/** Reads `named`, or what is found in `folder`; nothing there is nothing set. */
export async function readConfigFile(named: string | undefined, folder: string): Promise<FileSettings> {
  const path =
    named === undefined
      ? configFileNames.map((name) => join(folder, name)).find((candidate) => existsSync(candidate))
      : isAbsolute(named)
        ? named
        : join(folder, named);
  if (path === undefined) return { given: [], problems: [] };
  const shown = relative(folder, path).startsWith('..') ? path : relative(folder, path);
  const where = `file ${shown}`;
  if (!existsSync(path)) return { given: [], problems: [{ where, what: 'does not exist' }] };
  try {
    return flatten(await load(path), shown);
  } catch (error) {
    const reason = messageOf(error);
    return { given: [], problems: [{ where, what: `cannot be read: ${reason.split('\n')[0]}` }] };
  }
}

async function load(path: string): Promise<unknown> {
  if (path.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8'));
  const module = z.object({ default: z.unknown().optional() }).parse(await import(pathToFileURL(path).href));
  if (module.default === undefined)
    throw new Error('it has no default export; write `export default defineConfig({ … })`');
  return module.default;
}

function flatten(content: unknown, file: string): FileSettings {
  const given: Given[] = [];
  const problems: Problem[] = [];
  const where = (key: string) => `file ${file}: ${key}`;
  if (!isObject(content))
    return { given, problems: [{ where: `file ${file}`, what: 'must hold an object of settings' }] };
  for (const [name, values] of Object.entries(content)) {
    if (name === '$schema') continue;
    const group = settingGroups.find((candidate) => candidate.name === name);
    if (group === undefined) {
      const groups = settingGroups.map((candidate) => candidate.name);
      problems.push({
        where: where(name),
        what: `is not known${didYouMean(name, groups)} Allowed: ${groups.join(', ')}`,
      });
    } else if (!isObject(values)) {
      problems.push({ where: where(name), what: 'must be an object of settings' });
    } else {
      for (const [key, value] of Object.entries(values)) {
        const keys = group.settings.map((setting) => setting.name);
        if (value === undefined) continue;
        if (keys.includes(key)) given.push({ path: `${name}.${key}`, value, source: { kind: 'file', file } });
        else problems.push({ where: where(`${name}.${key}`), what: `is not known${didYouMean(key, keys)}` });
      }
    }
  }
  return { given, problems };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
