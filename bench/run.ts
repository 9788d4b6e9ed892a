/**
 * Runs all benchmarks, one after the other, and writes docs/performance.md: `npm run bench [-- --only NAME,…] [--quick] [--no-write]`.
 * What was measured before is kept in docs/performance/results.json and compared with.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Result } from './kit/result.ts';
import { conditionsNow, readRecord, writeRecord } from './record/record.ts';
import { summaryOf } from './record/page.ts';

/** In this order: what takes longest to be disturbed comes first. */
const benches = [
  'packet-cost',
  'first-frame',
  'forty-nine-tiles',
  'file-transfer',
  'join-storm',
  'ramp-up',
  'fifty-room',
  'one-to-many',
  'memory',
  'idle',
];

const { values } = parseArgs({
  allowNegative: true,
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: true },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(`npm run bench [-- --only NAME,…] [--quick] [--no-write]\n\nBenchmarks: ${benches.join(', ')}`);
  process.exit(0);
}
const chosen = values.only?.split(',').map((name) => name.trim()) ?? benches;
const unknown = chosen.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${benches.join(', ')}.`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'potluck-bench-'));
const results: Result[] = [];
const failed: string[] = [];
for (const name of chosen) {
  console.log(`── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}`);
  const result = await run(name);
  if (result === undefined) failed.push(name);
  else results.push(result);
}
rmSync(folder, { recursive: true });

const before = readRecord();
console.log(summaryOf(results, before));
// A quick run is for trying: it measures other sizes.
if (values.write && !values.quick && results.length > 0) console.log(writeRecord(results, before, conditionsNow()));
if (failed.length > 0) console.error(`Not measured: ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : 0);

async function run(name: string): Promise<Result | undefined> {
  const file = join(folder, `${name}.json`);
  // The full table of packet-cost takes minutes, and is written by its own command.
  const args = values.quick || name === 'packet-cost' ? ['--quick'] : [];
  const script = join(import.meta.dirname, name, 'run.ts');
  const child = spawn(process.execPath, [script, '--json', file, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0 && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined;
}
