import { allSettings } from '../../config/schema.ts';
import { showSource } from '../../config/source.ts';
import type { Command } from '../command.ts';
import { done, outcomeOf } from '../result.ts';

export const config: Command = {
  name: 'config',
  group: 'Console',
  params: [],
  summary: 'the settings in effect and where each comes from, secrets masked',
  run: ({ deps: { settings } }) => {
    const values: { readonly [group: string]: { readonly [name: string]: unknown } } = settings.config;
    const data = allSettings.map(({ path, group, name, secret }) => {
      const value = values[group]?.[name];
      return {
        setting: path,
        value: secret === true && value !== undefined ? '********' : value,
        source: showSource(settings.sources.get(path) ?? { kind: 'default' }),
      };
    });
    const table = {
      columns: [{ head: 'setting' }, { head: 'value', atLeast: 12 }, { head: 'from', atLeast: 8, dropAs: 1 }],
      rows: data.map(({ setting, value, source }) => [setting, showValue(value), source]),
      whenEmpty: '',
    };
    return outcomeOf({ parts: [{ kind: 'table', table }], data });
  },
};

function showValue(value: unknown): string {
  if (value === undefined) return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export const log: Command = {
  name: 'log',
  group: 'Console',
  params: [{ name: 'pattern', kind: 'text', optional: true, rest: true }],
  summary: 'which log lines are written, like "*potluck* -*:edge*"; without a pattern shows the present one',
  run: ({ args, deps: { logFilter } }) => {
    if (args.length > 0) logFilter.setPattern(args.join(' '));
    const { pattern } = logFilter;
    return done(`log pattern: ${pattern}`, { pattern });
  },
};
