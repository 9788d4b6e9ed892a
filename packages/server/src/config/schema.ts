import { z } from 'zod';
import { consoleSettings, logSettings } from './groups/watch.ts';
import { mediaSettings } from './groups/media.ts';
import { broadcasterSettings } from './groups/broadcasters.ts';
import { accessSettings } from './groups/access.ts';
import { roomSettings } from './groups/rooms.ts';
import { dataSettings, httpSettings, httpsSettings, socketSettings } from './groups/web.ts';
import { groupInfo, settingInfo, type GroupInfo, type SettingInfo } from './setting.ts';

/** Every setting there is. Defaults, units, checks, `--help`, docs/configuration.md and editor completion come from here. */
export const ConfigSchema = z.strictObject({
  https: httpsSettings.prefault({}),
  http: httpSettings.prefault({}),
  sockets: socketSettings.prefault({}),
  media: mediaSettings.prefault({}),
  rooms: roomSettings.prefault({}),
  access: accessSettings.prefault({}),
  broadcasters: broadcasterSettings.prefault({}),
  log: logSettings.prefault({}),
  console: consoleSettings.prefault({}),
  data: dataSettings.prefault({}),
});

/** What the server runs with: every setting has a value. */
export type Config = z.output<typeof ConfigSchema>;
/** What a configuration file may say: everything is optional. */
export type ConfigFile = z.input<typeof ConfigSchema>;

export type Setting = SettingInfo & {
  /** Like `https.port`. */
  path: string;
  group: string;
  name: string;
  schema: z.ZodType;
  /** The value without any configuration. */
  standardValue: unknown;
};

export type SettingGroup = GroupInfo & { name: string; settings: readonly Setting[] };

/** The schema as a table, in the order of the documentation. */
export const settingGroups: readonly SettingGroup[] = Object.entries(ConfigSchema.shape).map(([name, schema]) => {
  const object = schema.unwrap();
  const info = groupInfo.get(object);
  if (info === undefined) throw new Error(`the settings group ${name} has no description`);
  const standards: Record<string, unknown> = object.parse({});
  const settings = Object.entries<z.ZodType>(object.shape).map(([key, leaf]) =>
    describe(name, key, leaf, standards[key]),
  );
  return { ...info, name, settings };
});

export const allSettings: readonly Setting[] = settingGroups.flatMap(({ settings }) => settings);

function describe(group: string, name: string, schema: z.ZodType, standardValue: unknown): Setting {
  const info = settingInfo.get(schema);
  if (info === undefined) throw new Error(`the setting ${group}.${name} has no description`);
  return { ...info, path: `${group}.${name}`, group, name, schema, standardValue };
}

/** The environment variables of a setting, the strongest first. */
export const environmentNames = (setting: Setting): string[] => [
  `POTLUCK_${setting.flag.toUpperCase().replaceAll('-', '_')}`,
  ...(setting.env ?? []),
];
