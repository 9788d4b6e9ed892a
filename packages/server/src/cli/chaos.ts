import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { AppError } from '@potluck/kernel';
import { runProgram } from './broadcast/program.ts';
import { chaosUsage, readChaosOptions } from './chaos/options.ts';
import { failed, tableOf, timelineOf } from './chaos/report.ts';
import { runTrial } from './chaos/trial.ts';

await runProgram('potluck chaos', async (args, { screen, signal }) => {
  const options = readChaosOptions(args);
  if (options === undefined) return screen.say(chaosUsage);
  const { seed, steps, bots, workers } = options;
  screen.say(
    `seed ${seed}: ${steps} steps with ${bots} bots on ${workers} workers; load average ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}`,
  );
  const report = await runTrial({ ...options, healWithinMs: 30_000, say: screen.say, signal });
  screen.say(`\n${tableOf(report)}`);
  screen.say(
    `load average ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}`,
  );
  if (options.svg !== undefined) await writeFile(options.svg, timelineOf(report));
  if (failed(report)) throw new AppError('internal', `an invariant broke; repeat with --seed ${seed}`);
});
