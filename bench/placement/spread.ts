/**
 * How evenly one room uses two real workers: `node bench/placement/spread.ts [receivers…]`. One speaker, sound only, so
 * that the packets of hundreds fit one machine; receivers are load clients in a process of their own. CPU is the user and
 * system time of each worker process, which other work on the machine does not change much.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@potluck/testkit';
import { crowdOf, enterAll, pause } from '../kit/crowd.ts';
import { startProcess } from '../kit/server.ts';

const counts = process.argv.slice(2).map(Number);
const seconds = 20;

async function measure(receivers: number) {
  await using server = await startProcess([
    '--max-sockets-per-address',
    '2000',
    '--workers',
    '2',
    '--max-peers',
    '1000',
  ]);
  const speaker = crowdOf(server.http, '--subscribers', '0', '--publishers', '1', '--speakers', '1', '--no-video');
  await enterAll(speaker);
  const child = fork(join(import.meta.dirname, '../one-to-many/receivers.ts'), [server.http, String(receivers)]);
  const ask = async () => {
    child.send('counts');
    const [report] = (await once(child, 'message')) as [{ counts: { packets: number }; sounds: number }];
    return report;
  };
  try {
    await once(child, 'message', { signal: AbortSignal.timeout(120_000) });
    await waitFor(async () => (await ask()).sounds === receivers, {
      what: 'sound everywhere',
      timeoutMs: 60_000,
      everyMs: 500,
    });
    await pause(3000);
    const before = { cpu: server.cpuOfWorkers(), report: await ask() };
    await pause(seconds * 1000);
    const after = { cpu: server.cpuOfWorkers(), report: await ask() };
    const [a = 0, b = 0] = after.cpu.map((cpu, index) => ((cpu - (before.cpu[index] ?? 0)) / seconds) * 100);
    return {
      receivers,
      'packets/s': Math.round((after.report.counts.packets - before.report.counts.packets) / seconds),
      'worker 0, % of a core': Number(a.toFixed(1)),
      'worker 1, % of a core': Number(b.toFixed(1)),
      'smaller of larger': `${Math.round((Math.min(a, b) / Math.max(a, b)) * 100)} %`,
      load: loadavg()[0]?.toFixed(1),
    };
  } finally {
    child.send('end');
    await Promise.race([once(child, 'exit'), pause(20_000)]);
    child.kill();
    await speaker.close();
  }
}

const rows = [];
for (const receivers of counts.length > 0 ? counts : [150, 300, 400]) rows.push(await measure(receivers));
console.table(rows);
process.exit(0);
