import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';
import type { Result } from '../kit/result.ts';
import { pageOf, pictureOf } from './page.ts';
import { barsSvg } from './svg.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'docs/performance');
const file = join(folder, 'results.json');

export type Conditions = {
  readonly machine: string;
  readonly system: string;
  readonly node: string;
  readonly memoryGiB: number;
};
/** Each with the conditions under which it was measured, and what it was the time before. */
export type Entry = Result & {
  readonly conditions: Conditions;
  readonly previous?: Pick<Result, 'figures' | 'at' | 'load'>;
};
/** By name, so that the file changes little when one benchmark is run anew. */
export type RecordFile = { readonly [name: string]: Entry };

export function conditionsNow(): Conditions {
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`,
    system: `${type()} ${release()}`,
    node: process.version,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
}

export const readRecord = (): RecordFile =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RecordFile) : {};

/** Answers what was written, in words. */
export function writeRecord(results: readonly Result[], before: RecordFile, conditions: Conditions): string {
  const record: { [name: string]: Entry } = { ...before };
  for (const result of results) {
    const known = before[result.name];
    const previous = known === undefined ? undefined : { figures: known.figures, at: known.at, load: known.load };
    record[result.name] = { ...result, conditions, ...(previous !== undefined && { previous }) };
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(record, undefined, 2)}\n`);
  writeFileSync(join(root, 'docs/performance.md'), pageOf(record));
  for (const { name, bars } of Object.values(record)) {
    if (bars !== undefined) writeFileSync(join(folder, pictureOf(name)), barsSvg(bars));
  }
  return 'docs/performance.md and docs/performance/ are written; format them with npm run format.';
}
