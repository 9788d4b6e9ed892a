import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countsOf, failuresOf, runStep, type Step } from './run.ts';

const summary = [
  '▶ Room',
  '  ✔ opens (1ms)',
  'ℹ tests 7',
  'ℹ pass 3',
  'ℹ fail 1',
  'ℹ cancelled 1',
  'ℹ skipped 2',
  'ℹ todo 1',
].join('\n');

const step = (script: string, more: Partial<Step> = {}): Step => ({
  name: 'test',
  command: process.execPath,
  args: ['-e', script],
  runsTests: false,
  empty: false,
  timeoutMs: 10_000,
  ...more,
});

describe('a step', () => {
  it('counts what node --test counts: cancelled is failed, todo is skipped', () => {
    assert.deepEqual(countsOf(summary), { passed: 3, failed: 2, skipped: 3 });
    assert.deepEqual(countsOf('crashed before the first test'), { passed: 0, failed: 0, skipped: 0 });
  });

  it('shows of a failure what the reporter repeats', () => {
    assert.equal(failuresOf('noise\n✖ failing tests:\nwhy'), '✖ failing tests:\nwhy');
    assert.equal(failuresOf('crashed'), 'crashed');
    assert.equal(failuresOf(`✖ early\n${'✔ fine\n'.repeat(40)}hangs`).split('\n')[0], '✖ early');
  });

  it('passes on exit code 0 and fails on any other', async () => {
    assert.equal((await runStep(step('0'))).kind, 'passed');
    const failed = await runStep(step('console.error("why"); process.exit(3)'));
    assert.equal(failed.kind, 'failed');
    assert.match(failed.output, /why[\s\S]*exit code 3/);
  });

  it('fails when a runner ran nothing', async () => {
    const result = await runStep(step('console.log("ℹ pass 0")', { runsTests: true }));
    assert.match(result.output, /no test was run/);
  });

  it('fails when the runner says that something failed, whatever its exit code', async () => {
    const result = await runStep(step(`console.log(${JSON.stringify(summary)})`, { runsTests: true }));
    assert.deepEqual([result.kind, result.counts.failed], ['failed', 2]);
  });

  it('is stopped with all that it started when it takes too long', async () => {
    const result = await runStep(step('setInterval(() => {}, 1000)', { timeoutMs: 300 }));
    assert.match(result.output, /stopped after 0.3 s/);
  });

  it('fails readably when its program is missing', async () => {
    const result = await runStep(step('', { command: '/nowhere/at-all' }));
    assert.match(result.output, /could not be started/);
  });

  it('is empty when there is nothing of its kind', async () => {
    assert.equal((await runStep(step('0', { empty: true }))).kind, 'empty');
  });
});
