import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '@potluck/kernel';
import { runProgram } from './broadcast/program.ts';
import { ServerApi } from './broadcast/server-api.ts';
import { loadUsage, readLoadOptions, type LoadOptions } from './load/options.ts';
import { htmlOf } from './load/report/html.ts';
import { progressOf, textOf } from './load/report/text.ts';
import { runLoad } from './load/run.ts';

await runProgram('potluck load', async (args, { screen, signal }) => {
  const options = readLoadOptions(args);
  if (options === undefined) return screen.say(loadUsage);
  const { publishers, subscribers, people, roomId, url, out } = options;
  await assertReachable(options);
  const wanted = publishers + subscribers + people;
  screen.say(`${wanted} clients join ${roomId} at ${url.origin} … (Ctrl-C ends it and writes the report)`);
  const folder = resolve(out);
  // Now, and not when all that was measured would be lost.
  await mkdir(folder, { recursive: true });
  const report = await runLoad(options, {
    signal,
    onSample: (sample) => screen.progress(progressOf(sample, wanted)),
  });
  screen.say(textOf(report));
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  await writeFile(join(folder, 'report.html'), htmlOf(report));
  screen.say(`\n${join(folder, 'report.html')}`);
  if (report.clients.joined === 0 && !signal.aborted) {
    throw new AppError('unavailable', `nobody got in: ${report.clients.failures[0]?.reason ?? 'no answer'}`);
  }
});

/** Throws `unavailable` with the reason when there is no server: clients would only try again and again. */
async function assertReachable({ url, roomId, insecure, token }: LoadOptions): Promise<void> {
  try {
    await new ServerApi({ server: url, insecure, token }).call('getRoom', { params: { roomId } });
  } catch (error) {
    // That there is no such room yet, or that this token opens no API, is an answer.
    if (error instanceof AppError && error.code === 'unavailable') throw error;
  }
}
