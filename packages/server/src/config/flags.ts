import { parseArgs } from 'node:util';
import { fromText } from './convert.ts';
import { allSettings, type Setting } from './schema.ts';
import type { Given, Problem } from './source.ts';
import { didYouMean } from './suggest.ts';

export type CommandLine = {
  help: boolean;
  version: boolean;
  printConfig: boolean;
  configFile: string | undefined;
  given: readonly Given[];
  problems: readonly Problem[];
};

/** Flags that are no settings. */
export const ownFlags = [
  { name: 'config', value: 'FILE', doc: 'configuration file to read' },
  { name: 'help', value: undefined, doc: 'show this help' },
  { name: 'version', value: undefined, doc: 'show the version' },
  { name: 'print-config', value: undefined, doc: 'show all values and where each comes from' },
] as const;

const settings: ReadonlyMap<string, Setting> = new Map(allSettings.map((setting) => [setting.flag, setting]));
const names = [...settings.keys(), ...ownFlags.map(({ name }) => name)];

export function readFlags(args: readonly string[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...args],
    options: parseOptions(),
    strict: false,
    tokens: true,
    allowNegative: true,
  });
  const seen = new Set<string>();
  const given: Given[] = [];
  const problems: Problem[] = [];
  let configFile: string | undefined;

  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    // What follows a misspelt flag was meant as its value.
    if (before?.kind === 'option' && !names.includes(before.name) && token.kind === 'positional') continue;
    if (token.kind === 'positional') problems.push({ where: token.value, what: 'is not a flag; flags begin with --' });
    if (token.kind !== 'option') continue;
    const where = `flag ${token.rawName}`;
    const name = settings.has(token.name) ? token.name : token.name.replace(/^no-/u, '');
    const negative = token.rawName === `--no-${name}`;
    const setting = settings.get(name);
    const own = ownFlags.find((flag) => flag.name === token.name);
    if (own !== undefined) {
      if (own.value !== undefined && !token.value)
        problems.push({ where, what: `needs a value: --${own.name} ${own.value}` });
      else if (own.value !== undefined) configFile = token.value;
      seen.add(own.name);
    } else if (setting === undefined) {
      problems.push({ where, what: `is not known${didYouMean(token.name, names, (flag) => `--${flag}`)}` });
    } else if (setting.kind === 'flag') {
      const value = token.value === undefined ? !negative : fromText(token.value, 'flag');
      given.push({ path: setting.path, value, source: { kind: 'flag', name } });
    } else if (negative || token.value === undefined) {
      problems.push({ where, what: `needs a value: ${setting.allowed}` });
    } else {
      given.push({ path: setting.path, value: fromText(token.value, setting.kind), source: { kind: 'flag', name } });
    }
  }
  return {
    help: seen.has('help'),
    version: seen.has('version'),
    printConfig: seen.has('print-config'),
    configFile,
    given,
    problems,
  };
}

type ParseOptions = { [name: string]: { type: 'string' | 'boolean'; short?: string; multiple: true } };

function parseOptions(): ParseOptions {
  const options: ParseOptions = {};
  for (const { flag, kind } of allSettings)
    options[flag] = { type: kind === 'flag' ? 'boolean' : 'string', multiple: true };
  for (const { name, value } of ownFlags)
    options[name] = { type: value === undefined ? 'boolean' : 'string', multiple: true };
  return {
    ...options,
    help: { type: 'boolean', short: 'h', multiple: true },
    version: { type: 'boolean', short: 'v', multiple: true },
  };
}
