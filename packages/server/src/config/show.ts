import { wrap } from './wrap.ts';
import { ownFlags } from './flags.ts';
import { allSettings, settingGroups, type Config, type Setting } from './schema.ts';
import { showSource, type Source } from './source.ts';

/** The `--help` page: every setting, grouped, at most `width` columns. */
export function showHelp(version: string, width = 80): string {
  const own = ownFlags.map(({ name, value, doc }) =>
    entry(`--${name}${value === undefined ? '' : ` ${value}`}`, doc, width),
  );
  const groups = settingGroups.map(({ title, settings }) =>
    [`${title}:`, ...settings.map((setting) => entry(usage(setting), explain(setting), width))].join('\n'),
  );
  return [
    `Potluck ${version}, a self-hosted video meeting server`,
    'Usage: potluck [start] [flags]',
    ['Without a setting:', ...own].join('\n'),
    ...groups,
    wrap(
      'Each flag is also an environment variable: --http-port is POTLUCK_HTTP_PORT. Further names stand in brackets. A flag wins over the environment, the environment over the file potluck.config.ts, .mjs or .json.',
      width,
    ),
  ].join('\n\n');
}

const placeholders = { number: 'N', text: 'TEXT', list: 'A,B,…', flag: '' } as const;

function usage({ flag, kind, standardValue }: Setting): string {
  if (kind === 'flag') return standardValue === true ? `--no-${flag}` : `--${flag}`;
  return `--${flag} ${placeholders[kind]}`;
}

function explain(setting: Setting): string {
  const names = setting.env === undefined ? '' : ` [${setting.env.join(', ')}]`;
  const unit = setting.unit === undefined ? '' : ` ${setting.unit}`;
  return `${setting.doc} Default: ${showStandard(setting)}${unit}${names}`;
}

function entry(left: string, doc: string, width: number): string {
  return `  ${left}\n${wrap(doc, width - 8).replaceAll(/^/gmu, '        ')}`;
}

/** The default in words or as it would be written. */
export function showStandard({ standard, standardValue }: Setting): string {
  return standard ?? showValue(standardValue);
}

const showValue = (value: unknown): string => {
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** The `--print-config` page: effective values with their source, secrets masked. */
export function showConfig(config: Config, sources: ReadonlyMap<string, Source>): string {
  const values: Record<string, Record<string, unknown>> = config;
  const rows = allSettings.map((setting) => {
    const value = values[setting.group]?.[setting.name];
    const shown = setting.secret === true && value !== undefined ? '********' : showValue(value);
    return { path: setting.path, shown, from: showSource(sources.get(setting.path) ?? { kind: 'default' }) };
  });
  const pathWidth = Math.max(...rows.map(({ path }) => path.length));
  return rows.map(({ path, shown, from }) => `${path.padEnd(pathWidth)}  ${shown}  (${from})`).join('\n');
}
