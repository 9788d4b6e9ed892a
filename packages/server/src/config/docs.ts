import { z } from 'zod';
import { configFileNames } from './file.ts';
import { ConfigSchema, environmentNames, settingGroups, type Setting } from './schema.ts';
import { settingInfo } from './setting.ts';
import { showStandard } from './show.ts';

/** docs/configuration.md. Called by scripts/docs.ts, which writes it and lets CI compare. */
export function configurationDocs(): string {
  const groups = settingGroups.map(
    ({ name, title, doc, settings }) =>
      `## ${title}\n\n${doc}\n\n${settings
        .map((setting) => section(name, setting))
        .join('\n')
        .trimEnd()}`,
  );
  return `# Configuration

<!-- Made from packages/server/src/config by scripts/docs.ts; change it there. -->

Nothing needs to be configured. What is, comes from these places, each stronger than the one before:

1. the defaults below;
2. a file in the working directory, the first found of ${configFileNames.map((name) => `\`${name}\``).join(', ')}, or the one named by \`--config FILE\` or \`POTLUCK_CONFIG\`;
3. environment variables (an empty one counts as unset);
4. flags.

Anything unknown or out of range stops the start with exit code 2 and a list of all problems, each with the place it came
from and what is allowed. \`--print-config\` shows what is in force and why; \`--help\` shows every flag.

\`\`\`ts
// potluck.config.ts
import { defineConfig } from '@potluck/server';

export default defineConfig({
  https: { domain: 'meet.example.org', certificateFile: 'fullchain.pem', privateKeyFile: 'privkey.pem' },
  media: { announcedAddresses: ['203.0.113.7'] },
});
\`\`\`

A JSON file may name its schema for completion in editors: \`{ "$schema": "./docs/potluck.config.schema.json" }\`.

${groups.join('\n\n')}
`;
}

function section(group: string, setting: Setting): string {
  const names = environmentNames(setting).map((name) => `\`${name}\``);
  const flag = setting.kind === 'flag' ? `\`--${setting.flag}\`, \`--no-${setting.flag}\`` : `\`--${setting.flag}\``;
  return `### ${group}.${setting.name}

${setting.doc}

- Allowed: ${setting.allowed.replaceAll('*', '\\*')}${setting.unit === undefined ? '' : ` (${setting.unit})`}
- Default: ${showStandard(setting).replaceAll('*', '\\*')}
- Flag: ${flag}; environment: ${names.join(', ')}
`;
}

/** JSON Schema of a configuration file, for editors. */
export function configurationSchema(): string {
  const schema = z.toJSONSchema(ConfigSchema, {
    io: 'input',
    unrepresentable: 'any',
    // Defaults that differ from machine to machine do not belong into a file that is compared.
    override: ({ zodSchema, jsonSchema }) => {
      if (infoOf(zodSchema)?.standard !== undefined) delete jsonSchema.default;
    },
  });
  const properties = { $schema: { type: 'string' }, ...schema.properties };
  const text = JSON.stringify({ ...schema, title: 'Potluck configuration', properties }, undefined, 2);
  return `${text.replaceAll(/\[[^[\]{}]*\]/gu, onOneLine)}\n`;
}

/** Lists that fit stand on one line, as the formatter wants them. */
const onOneLine = (list: string): string => {
  const line = list.replaceAll(/\s+/gu, ' ').replaceAll(/\[ | \]/gu, (edge) => edge.trim());
  return line.length <= 100 ? line : list;
};

const infoOf = (schema: z.core.$ZodType) => (schema instanceof z.ZodType ? settingInfo.get(schema) : undefined);
