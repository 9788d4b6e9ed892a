/**
 * How evenly one room uses two real workers, and what it costs on one: `node bench/placement/spread.ts [receivers…]`. One
 * speaker; sound alone, or sound and a picture of 250 kbit/s in slow motion (bench/one-to-many), so that hundreds fit one
 * machine; receivers are load clients in a process of their own. CPU is the user and system time of each worker process,
 * which other work on the machine does not change much.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@potluck/testkit';
import { z } from 'zod';
import { crowdOf, enterAll, pause } from '../kit/crowd.ts';
import { startProcess } from '../kit/server.ts';

const counts = process.argv.slice(2).map(Number);
const seconds = 15;
/** For this server alone, which only this machine reaches. */
const apiKey = 'spread-of-one-room-over-two-workers';
const slowMotion = 3;

type Report = { counts: { packets: number }; sounds: number; pictures: number };
const Held = z.object({
  workers: z.array(z.object({ transports: z.int(), standbys: z.int(), consumers: z.int() })),
});
type Trial = { readonly receivers: number; readonly workers: number; readonly video: boolean };

async function measure({ receivers, workers, video }: Trial) {
  await using server = await startProcess([
    '--max-sockets-per-address',
    '2000',
    '--workers',
    String(workers),
    '--api-key',
    apiKey,
    '--max-peers',
    '1000',
  ]);
  const picture = video ? ['--bitrate', String(250 * slowMotion), '--fps', String(15 * slowMotion)] : ['--no-video'];
  const speaker = crowdOf(server.http, '--subscribers', '0', '--publishers', '1', '--speakers', '1', ...picture);
  if (video) speaker.slowMotion = slowMotion;
  await enterAll(speaker);
  const child = fork(join(import.meta.dirname, '../one-to-many/receivers.ts'), [server.http, String(receivers)]);
  const ask = async () => {
    child.send('counts');
    const [report] = (await once(child, 'message')) as [Report];
    return report;
  };
  const held = async () => {
    const answer = await fetch(`${server.http}/api/v1/workers`, { headers: { authorization: `Bearer ${apiKey}` } });
    const { workers: found } = Held.parse(await answer.json());
    return found.map(({ transports, standbys, consumers }) => `${transports - standbys}+${standbys}/${consumers}`);
  };
  try {
    await once(child, 'message', { signal: AbortSignal.timeout(120_000) });
    const all = async () => {
      const { sounds, pictures } = await ask();
      return sounds === receivers && (!video || pictures === receivers);
    };
    await waitFor(all, { what: 'sound and picture everywhere', timeoutMs: 60_000, everyMs: 500 });
    // Until the last standby is connected.
    await pause(5000);
    const before = { cpu: server.cpuOfWorkers(), report: await ask() };
    await pause(seconds * 1000);
    const after = { cpu: server.cpuOfWorkers(), report: await ask() };
    const shares = after.cpu.map((cpu, index) => ((cpu - (before.cpu[index] ?? 0)) / seconds) * 100);
    const packets = after.report.counts.packets - before.report.counts.packets;
    const sum = shares.reduce((total, share) => total + share, 0);
    return {
      receivers,
      sent: video ? 'picture' : 'sound',
      workers,
      'packets/s': Math.round(packets / seconds),
      '% of a core': shares.map((share) => share.toFixed(1)).join(', '),
      'µs a packet': Number(((sum * seconds * 1e4) / packets).toFixed(2)),
      'smaller of larger': `${Math.round((Math.min(...shares) / Math.max(...shares)) * 100)} %`,
      'transports+standbys/consumers': (await held()).join(', '),
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
for (const receivers of counts.length > 0 ? counts : [150, 300, 400]) {
  for (const video of [false, true]) {
    for (const workers of [1, 2]) {
      const row = await measure({ receivers, workers, video });
      console.error(JSON.stringify(row));
      rows.push(row);
    }
  }
}
console.table(rows);
process.exit(0);
