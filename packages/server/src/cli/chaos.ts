import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { AppError } from '@potluck/kernel';
import { runProgram } from './broadcast/program.ts';
import { chaosUsage, readChaosOptions } from './chaos/options.ts';
import { failed, tableOf, timelineOf } from './chaos/report.ts';
import { runTrial } from './chaos/trial.ts';

const load = () =>
  `load average ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}`;

await runProgram('potluck chaos', async (args, { screen, signal }) => {
  const options = readChaosOptions(args);
  if (options === undefined) return screen.say(chaosUsage);
  const { seed, steps, bots, workers, log } = options;
  // On disk at once, so that the last line tells where it was, whatever ends it.
  const note = (line: string) => {
    if (log !== undefined) appendFileSync(log, `${new Date().toISOString()} ${line}\n`);
  };
  const say = (line: string) => {
    note(line);
    screen.say(line);
  };
  process.on('exit', (code) => note(`exit code ${code}`));
  signal.addEventListener('abort', () => say('asked to end: after this step'), { once: true });
  say(`seed ${seed}: ${steps} steps with ${bots} bots on ${workers} workers; ${load()}`);
  const report = await runTrial({ ...options, healWithinMs: 30_000, say, note, signal });
  say(`\n${tableOf(report)}`);
  say(load());
  if (options.svg !== undefined) await writeFile(options.svg, timelineOf(report));
  if (failed(report)) throw new AppError('internal', `an invariant broke; repeat with --seed ${seed}`);
});
