/** `node scripts/sbom.ts [FILE]`: the bill of materials of what is shipped, as CycloneDX JSON; default: standard output. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const [file] = process.argv.slice(2);
const args = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'];
const text = execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const { components = [] }: { components?: unknown[] } = JSON.parse(text) as { components?: unknown[] };
if (file === undefined) process.stdout.write(text);
else {
  writeFileSync(file, text);
  console.log(`${file}: ${components.length} components`);
}
