/** Writes the papers that are made from the code: `node scripts/docs.ts`. With `--check` it only compares, as CI does. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configurationDocs, configurationSchema } from '../packages/server/src/config/docs.ts';
import { openApiDocs } from '../packages/server/src/edge/openapi/docs.ts';
import { errorDocs } from './docs/errors.ts';
import { protocolDocs } from './docs/protocol.ts';

const root = resolve(import.meta.dirname, '..');
const papers: { readonly [path: string]: () => string } = {
  'docs/protocol.md': () => protocolDocs(root),
  'docs/errors.md': errorDocs,
  'docs/configuration.md': configurationDocs,
  'docs/potluck.config.schema.json': configurationSchema,
  'docs/openapi.json': openApiDocs,
};

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const stale = Object.entries(papers).filter(([path, make]) => {
  const file = join(root, path);
  const made = make();
  if (existsSync(file) && readFileSync(file, 'utf8') === made) return false;
  if (!values.check) writeFileSync(file, made);
  return true;
});

for (const [path] of stale) console.log(values.check ? `${path} is not what the code says` : `${path} written`);
if (values.check && stale.length > 0) {
  console.log('Run: node scripts/docs.ts');
  process.exitCode = 1;
} else if (stale.length === 0) console.log('All papers are up to date.');
