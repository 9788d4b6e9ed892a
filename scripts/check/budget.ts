/**
 * What a browser loads before the first page of the web app is complete, gzipped as the server sends it, against its budget;
 * and that the page asks no other host for anything. Reads packages/web/dist: run it after the build.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './run.ts';

const budgetBytes = 250 * 1024;
const dist = join(root, 'packages/web/dist');
const read = (path: string) => readFileSync(join(dist, path));

/** Scripts and styles that the page names, what they import at once, and the fonts of Latin letters. */
function firstLoad(): string[] {
  const page = read('index.html').toString();
  const foreign = [...page.matchAll(/(?:src|href)="(https?:)?\/\/[^"]*"/g)].map(([found]) => found);
  if (foreign.length > 0) throw new Error(`index.html asks other hosts: ${foreign.join(', ')}`);
  const files = new Set(
    [...page.matchAll(/<(?:script|link)[^>]*(?:src|href)="\/(assets\/[^"]+)"/g)].flatMap(([, path]) => path ?? []),
  );
  for (const path of files) {
    const text = path.endsWith('.js') || path.endsWith('.css') ? read(path).toString() : '';
    // Imports of `import('…')` come later; these are at the head of a chunk.
    for (const [, name] of text.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) files.add(`assets/${name}`);
    for (const [, name] of text.matchAll(/url\((?:\/assets\/|\.\/)?([\w.-]+latin-wght[\w.-]+\.woff2)\)/g))
      files.add(`assets/${name}`);
  }
  return [...files];
}

const sizes = ['index.html', ...firstLoad()].map((path) => ({
  path,
  // Fonts are compressed already.
  bytes: path.endsWith('.woff2') ? read(path).length : gzipSync(read(path), { level: 6 }).length,
}));
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
for (const { path, bytes } of sizes) console.log(`${kilobytes(bytes).padStart(10)}  ${path}`);
console.log(`${kilobytes(total).padStart(10)}  first load, of ${kilobytes(budgetBytes)}`);
// A list that misses the scripts or the fonts would pass any budget.
const counted = (ending: string) => sizes.filter(({ path }) => path.endsWith(ending)).length;
if (counted('.js') < 1 || counted('.css') < 1 || counted('.woff2') < 2)
  throw new Error('files of the first load are missing here');
if (total > budgetBytes) throw new Error('the first load is over its budget');
