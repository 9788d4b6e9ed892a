/**
 * Time from the start of the signalling socket to the first decoded frame of somebody else, in real Chromium against the
 * real server and worker, both on this machine.
 */
import { cpus, loadavg } from 'node:os';
import { openBrowser } from '@potluck/testkit/browser';
import { startServer } from '@potluck/testkit/server';
import { waitFor } from '@potluck/testkit';
import { watchPhases } from './watch.ts';

const phases = [
  'socket open',
  'transports known',
  'entered',
  'consumers offered',
  'track there',
  'path up',
  'first frame',
] as const;

type Marks = { [phase: string]: number };

const rounds = Number(process.argv[2] ?? 10);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('how many rounds? A whole number from 1 on');

await using server = await startServer({ media: { workers: 1 } });
await using browser = await openBrowser();
const url = (room: number, name: string) => `${server.http}/?roomId=first-frame-${room}&displayName=${name}`;

const runs: Marks[] = [];
// One round to warm caches up is not counted.
for (let round = 0; round <= rounds; round++) {
  const first = await browser.open(url(round, 'Ada'), { name: 'Ada' });
  await first.page.getByRole('listitem', { name: 'Ada (you)' }).locator('video').waitFor();
  const second = await browser.open('about:blank', { name: 'Bob' });
  await second.page.addInitScript(watchPhases);
  await second.page.goto(url(round, 'Bob'));
  const marks = await waitFor(
    async () => {
      const found = await second.page.evaluate(() => (globalThis as unknown as { __phases: Marks }).__phases);
      return found['first frame'] === undefined ? undefined : found;
    },
    { what: 'a first frame', timeoutMs: 20_000, everyMs: 50 },
  );
  if (round > 0) runs.push(marks);
  process.stderr.write(`\r${round} of ${rounds}`);
  await Promise.all([first.close(), second.close()]);
}
process.stderr.write('\r');

const quantile = (values: number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.round((values.length - 1) * q)] ?? NaN;
const since = (phase: string) => runs.map((marks) => (marks[phase] ?? NaN) - (marks['start'] ?? NaN));
const show = (ms: number) => Math.round(ms).toString();

console.log(
  `First frame of the other, ${rounds} rounds, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; milliseconds since the socket's start\n`,
);
console.log('| phase | median | min | max |\n| --- | ---: | ---: | ---: |');
for (const phase of phases) {
  const values = since(phase);
  console.log(
    `| ${phase} | ${show(quantile(values, 0.5))} | ${show(quantile(values, 0))} | ${show(quantile(values, 1))} |`,
  );
}
