/**
 * Makes the picture book of the web app in docs/pictures: `node scripts/pictures.ts [--only NAME,…] [--to FOLDER]`. Every screen at four
 * widths, light and dark, in both languages, and the tables of 1 to 49. Needs Chromium; takes some minutes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './check/run.ts';
import { writeBook } from './pictures/book.ts';
import { openCamera, type Camera } from './pictures/camera.ts';
import {
  endings,
  landscape,
  languages,
  poster,
  screens,
  sizes,
  tables,
  themes,
  type Scene,
} from './pictures/scenes.ts';
import { makeSheet, toWebp, type Row } from './pictures/sheet.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    to: { type: 'string', default: 'docs/pictures' },
    full: { type: 'boolean', default: false },
  },
});
const only = values.only?.split(',');
const wanted = (scene: Scene) => only?.includes(scene.name) ?? true;
const book = resolve(root, values.to);
/** Ignored by git: every picture at its full size, with `--full`. */
const scratch = join(root, '.scratch/pictures');
const quality = 0.75;

await mkdir(scratch, { recursive: true });
await mkdir(book, { recursive: true });
await using camera = await openCamera();

for (const scene of screens.filter(wanted)) await write(scene.name, await rowsOf(camera, scene), 420);

if (wanted(poster)) {
  const [shot] = await camera.take(poster, 'en', [{ width: 1280, height: 800 }], ['light']);
  if (shot !== undefined) await save(poster.name, await toWebp(camera.desk, shot.png, 0.9));
}

const chosen = tables.filter(wanted);
if (chosen.length > 0) {
  for (const theme of themes) {
    const rows: Row[] = [];
    for (const table of chosen) {
      const shots = await camera.take(table, 'en', [...sizes, landscape], [theme]);
      await keep(table.name, shots);
      rows.push({ name: `${table.title} · ${theme}`, pictures: shots.map(({ png }) => png) });
    }
    await write(`tiles-${theme}`, rows, 300);
  }
}
if (only?.includes('endings') ?? true) {
  const rows: Row[] = [];
  for (const [language, theme] of [
    ['en', 'light'],
    ['zh', 'dark'],
  ] as const) {
    const row: Buffer[] = [];
    for (const ending of endings) {
      const shots = await camera.take(ending, language, [sizes[0]], [theme]);
      await keep(`${ending.name}-${language}`, shots);
      row.push(...shots.map(({ png }) => png));
    }
    rows.push({ name: `${language} · ${theme}`, pictures: row });
  }
  await write('endings', rows, 300);
}
await writeBook(book);

/** The four widths and a phone on its side, light and dark, in both languages. */
async function rowsOf(from: Camera, scene: Scene): Promise<Row[]> {
  const rows: Row[] = [];
  for (const language of languages) {
    const shots = await from.take(scene, language, [...sizes, landscape], themes);
    await keep(`${scene.name}-${language}`, shots);
    for (const theme of themes)
      rows.push({
        name: `${language === 'en' ? 'English' : '中文'} · ${theme}`,
        pictures: shots.filter((shot) => shot.theme === theme).map(({ png }) => png),
      });
  }
  return rows;
}

async function write(name: string, rows: readonly Row[], height: number): Promise<void> {
  await save(name, await makeSheet(camera.desk, rows, height, quality));
}

async function save(name: string, picture: Buffer): Promise<void> {
  await writeFile(join(book, `${name}.webp`), picture);
  console.log(`${name}.webp  ${Math.round(picture.length / 1024)} KiB`);
}

async function keep(name: string, shots: Awaited<ReturnType<Camera['take']>>): Promise<void> {
  if (!values.full) return;
  for (const { size, theme, png } of shots)
    await writeFile(join(scratch, `${name}-${size.width}x${size.height}-${theme}.png`), png);
}
