/** `node --expose-gc bench/fuzz/run.ts [--cases 1000000] [--seed 1]`: many cases a target; exit code 1 for a find. */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { targets } from './targets.ts';

const { values } = parseArgs({ options: { cases: { type: 'string', default: '1000000' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 1e9);
const each = Math.ceil(Number(values.cases) / targets.length);
const heapMiB = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};
let strays = 0;
process.on('unhandledRejection', (error) => {
  strays += 1;
  console.error('a rejection that nobody handled', error);
});

console.log(`${each * targets.length} cases, seed ${seed}, Node ${process.version}`);
const began = performance.now();
for (const { name, property } of targets) {
  const from = heapMiB();
  const start = performance.now();
  // In portions: fast-check remembers what it has run.
  const portions = Math.ceil(each / 10_000);
  for (let portion = 0; portion < portions; portion += 1) {
    await fc.assert(property(), { numRuns: Math.ceil(each / portions), seed: seed + portion, verbose: 1 });
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`${name}: ${each} cases, ${seconds.toFixed(1)} s, heap ${from.toFixed(0)} → ${heapMiB().toFixed(0)} MiB`);
}
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s, ${strays} stray rejections`);
process.exitCode = strays > 0 ? 1 : 0;
