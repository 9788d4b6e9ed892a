import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { failed, tableOf, timelineOf } from '../../packages/server/src/cli/chaos/report.ts';
import { runTrial, type Report, type TrialOptions } from '../../packages/server/src/cli/chaos/trial.ts';
import { exitAfterTests } from '../sdk/runtime.ts';

/** Real workers, libwebrtc, our SDK. What is asserted holds on a loaded machine; the figures are in docs/resilience.md. */
async function trial(options: Partial<TrialOptions>): Promise<Report> {
  const report = await runTrial({
    seed: 1,
    steps: 1,
    bots: 2,
    workers: 2,
    standby: true,
    healWithinMs: 20_000,
    say: () => {},
    ...options,
  });
  assert.ok(!failed(report), tableOf(report));
  return report;
}

after(exitAfterTests);

describe('Chaos', () => {
  it('of a worker that is killed leaves every tile its picture, by the standby', async () => {
    const { outcomes, blanks } = await trial({ kinds: ['kill'], patient: true });
    assert.equal(blanks, 0, 'no tile was without a track');
    // Without a standby this takes a second and more on a machine that has nothing else to do.
    assert.ok(
      outcomes.every(({ healedMs }) => healedMs < 5000),
      JSON.stringify(outcomes),
    );
  });

  it('of one worker and no standby is healed, too', async () => {
    await trial({ kinds: ['kill'], workers: 1 });
  });

  it('of a worker that is drained leaves nobody without media', async () => {
    const { blanks } = await trial({ kinds: ['drain'], patient: true, seed: 2 });
    assert.equal(blanks, 0, 'no tile was without a track');
  });

  it('of sockets loses no message and doubles none', async () => {
    const report = await trial({ kinds: ['cut', 'chat', 'mute'], steps: 6, seed: 4 });
    assert.match(timelineOf(report), /^<svg/);
  });
});
