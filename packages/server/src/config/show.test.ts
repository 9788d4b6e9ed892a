import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configurationDocs, configurationSchema } from './docs.ts';
import { allSettings, environmentNames } from './schema.ts';
import { showHelp } from './show.ts';

describe('the settings', () => {
  it('have flags and variables that no other setting has', () => {
    const names = allSettings.flatMap((setting) => [setting.flag, ...environmentNames(setting)]);
    assert.equal(new Set(names).size, names.length);
  });

  it('are all in the help, within 80 columns', () => {
    const help = showHelp('1.0.0');
    for (const { flag } of allSettings) assert.ok(help.includes(flag), flag);
    assert.ok(help.split('\n').every((line) => line.length <= 80));
  });

  it('are all in the documentation and in the JSON Schema', () => {
    const docs = configurationDocs();
    const schema = configurationSchema();
    for (const { path, name, doc } of allSettings) {
      assert.ok(docs.includes(`### ${path}\n`), path);
      assert.ok(schema.includes(`"${name}"`) && schema.includes(JSON.stringify(doc).slice(1, 30)), path);
    }
  });

  it('are documented the same on every machine', () => {
    const schema: { properties: Record<string, { properties: Record<string, object> }> } =
      JSON.parse(configurationSchema());
    assert.equal('default' in (schema.properties['media']?.properties['workers'] ?? {}), false);
    assert.doesNotMatch(configurationDocs(), new RegExp(`\\.local/share/potluck\\S*/`, 'u'));
  });
});
