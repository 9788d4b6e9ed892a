import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { goalLines, markdownTable, type Result } from './result.ts';

export type Measured = Omit<Result, 'name' | 'title' | 'at' | 'seconds' | 'load'>;

/**
 * Runs a benchmark as the process: prints what it found, or with `--json FILE` writes it there. Exit code 1 when it could not
 * be measured; a goal that is missed is a finding and no failure.
 */
export async function runBench(
  of: { name: string; title: string },
  measure: (options: { quick: boolean; args: readonly string[] }) => Promise<Measured>,
): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, quick: { type: 'boolean', default: false } },
  });
  const before = loadavg()[0] ?? 0;
  const begun = performance.now();
  try {
    const measured = await measure({ quick: values.quick, args: positionals });
    const result: Result = {
      ...of,
      ...measured,
      at: new Date().toISOString(),
      seconds: Math.round((performance.now() - begun) / 1000),
      load: [before, loadavg()[0] ?? 0],
    };
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(result));
    else console.log(textOf(result));
    process.exit(0);
  } catch (error) {
    console.error(`${of.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(1);
  }
}

const textOf = ({ title, about, table, goals, load, seconds }: Result): string =>
  `# ${title}\n\n${about}\n\n${markdownTable(table)}\n\n${goalLines(goals)}\n\nLoad average ${load.map((one) => one.toFixed(1)).join(' before, ')} after; ${seconds} s.`;
