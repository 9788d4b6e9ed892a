/**
 * `node bench/fuzz/guided.ts [DOOR…] [--cases 100000] [--seed 1] [--unguided] [--keep]`: inputs that reach new code are kept and
 * changed further; with `--unguided` not, to compare. `--keep` writes the corpus. Exit code 1 for a find.
 */
import { Coverage } from './coverage.ts'; // First: it counts what is compiled after it.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { doors } from './doors.ts';
import { evolve, Find, type Door } from './evolve.ts';
import { Mutator } from './mutate.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    unguided: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const ours = (url: string) => /\/packages\/(kernel|protocol|server)\/src\/(?!.*test)/u.test(url);
/** The schemas are ours, what they run is zod; the signatures are checked by jose. */
const watched = (url: string) => ours(url) || /\/node_modules\/(zod\/v4\/core|jose)\//u.test(url);
const corpusOf = (name: string) => new URL(`corpus/${name}.json`, import.meta.url);

let strays = 0;
process.on('unhandledRejection', (error) => {
  strays += 1;
  console.error('a rejection that nobody handled', error);
});
const heapMiB = () => {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
};

async function round(door: Door, guided: boolean): Promise<void> {
  const coverage = new Coverage(watched);
  const corpus = guided ? (JSON.parse(readFileSync(corpusOf(door.name), 'utf8')) as string[]) : [];
  const from = heapMiB();
  const began = performance.now();
  const mutator = new Mutator(Number(values.seed));
  const { cases, corpus: kept } = await evolve(door, {
    cases: Number(values.cases),
    coverage,
    mutator,
    corpus,
    guided,
  });
  const { functions, functionsReached, charactersReached } = coverage.tally(ours);
  const zod = coverage.tally((url) => !ours(url));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${door.name}, ${guided ? 'guided' : 'unguided'}: ${cases} cases in ${seconds} s; ${functionsReached} of ${functions} functions seen, ` +
      `${charactersReached} characters of our code ran, ${zod.charactersReached} of zod and jose; ${kept.length} inputs kept; heap ${from} → ${heapMiB()} MiB`,
  );
  if (guided && values.keep) writeFileSync(corpusOf(door.name), `${JSON.stringify(shortest(kept), undefined, 2)}\n`);
}

/** A corpus is read by people and by every run of CI: the shortest hundred. */
const shortest = (inputs: readonly string[]): string[] =>
  inputs.toSorted((one, other) => one.length - other.length).slice(0, 100);

for (const name of positionals.length > 0 ? positionals : Object.keys(doors)) {
  const open = doors[name];
  if (open === undefined) throw new Error(`no door is called ${name}; there are ${Object.keys(doors).join(', ')}`);
  try {
    const door = await open();
    await round(door, !values.unguided);
    await door.close?.();
  } catch (error) {
    if (!(error instanceof Find)) throw error;
    console.error(error.message, error.cause);
    process.exitCode = 1;
  }
}
if (strays > 0) process.exitCode = 1;
