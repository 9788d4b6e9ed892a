/**
 * All that `npm test` and CI do, after the set-up: `node scripts/check.ts [--only unit,e2e]`. Static checks and unit
 * tests run side by side; what needs real workers or a browser has the machine for itself, because it measures time.
 * The last line is the sum over all test runners.
 */
import { parseArgs } from 'node:util';
import { runStep, type Result, type Step } from './check/run.ts';
import { steps } from './check/steps.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
});
const names = steps.flat().map(({ name }) => name);

if (values.help) {
  console.log(`node scripts/check.ts [--only STEP,…]\n\nSteps: ${names.join(', ')}`);
  process.exit(0);
}
const only = values.only?.split(',').map((name) => name.trim());
const unknown = only?.filter((name) => !names.includes(name)) ?? [];
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}; there are ${names.join(', ')}.`);
  process.exit(2);
}

const started = performance.now();
const results: Result[] = [];
for (const group of steps) {
  const chosen = group.filter(({ name }) => only?.includes(name) ?? true);
  results.push(...(await Promise.all(chosen.map(runAndTell))));
}

const failures = results.filter(({ kind }) => kind === 'failed');
for (const { step, output } of failures) console.log(`\n── ${step.name} failed ${'─'.repeat(60)}\n${output.trim()}\n`);

const sum = (count: (result: Result) => number) => results.reduce((total, result) => total + count(result), 0);
// A check that runs no tests of its own (lint, types) counts as one when it fails: it must not hide behind «0 failed».
const failed = sum(({ kind, counts }) => (kind === 'failed' ? Math.max(1, counts.failed) : 0));
const total = `${sum(({ counts }) => counts.passed)} passed, ${failed} failed, ${sum(({ counts }) => counts.skipped)} skipped`;
if (failures.length > 0) console.log(`Failed: ${failures.map(({ step }) => step.name).join(', ')}`);
console.log(`${seconds(performance.now() - started)} in all`);
console.log(total);
process.exitCode = failed > 0 ? 1 : 0;

async function runAndTell(step: Step): Promise<Result> {
  if (step.about !== undefined) console.log(`  ${step.name.padEnd(12)} ${step.about} …`);
  const result = await runStep(step);
  const { passed, skipped, failed: failing } = result.counts;
  const tests =
    passed + failing > 0
      ? `${passed} passed${failing > 0 ? `, ${failing} failed` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''}`
      : '';
  const mark = { passed: '✔', failed: '✖', empty: '-' }[result.kind];
  const note = result.kind === 'empty' ? 'no files of this kind yet' : tests;
  console.log(`${mark} ${step.name.padEnd(12)} ${seconds(result.ms).padStart(7)}  ${note}`.trimEnd());
  return result;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
