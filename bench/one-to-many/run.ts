/** One speaker to 500 receivers on two workers: `node bench/one-to-many/run.ts [--quick]`. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '@potluck/testkit';
import { runBench } from '../kit/bench.ts';
import { crowdOf, enterAll, pause } from '../kit/crowd.ts';
import { startProcess } from '../kit/server.ts';
import { droppedByPort, sumOf } from '../kit/udp.ts';

type Report = {
  counts: { packets: number; octets: number; lost: number; recovered: number; forged: number };
  pictures: number;
  sounds: number;
  late: number;
  cpu: NodeJS.CpuUsage;
};

const workers = 2;
/** Sound comes in packets of 60 ms, as where many receive it: 20 ms would be more packets than one process of Node takes in. */
const slowMotion = 3;

await runBench({ name: 'one-to-many', title: 'One speaker to many' }, async ({ quick }) => {
  const receivers = quick ? 60 : 500;
  const seconds = quick ? 6 : 20;
  const rows: Awaited<ReturnType<typeof measure>>[] = [];
  for (const shape of quick
    ? [{ kbits: 150, fps: 15 }]
    : [
        { kbits: 100, fps: 10 },
        { kbits: 250, fps: 15 },
      ]) {
    rows.push(await measure({ receivers, seconds, ...shape }));
  }
  const clean = rows.filter(({ lostByServer }) => lostByServer === 0);
  const best = clean.at(-1) ?? rows[0]!;
  return {
    about: `One publisher with sound (talking all the time, packets of ${20 * slowMotion} ms) and one picture, ${receivers} receivers, ${workers} workers on this machine's cores; all over ICE, DTLS and SRTP. Receivers are in a process of their own, count every packet and open each 32nd. Loss is told apart by the kernel: datagrams that it threw away at the receivers' sockets were forwarded and not taken in, by a machine whose two cores do everything; those at the server's sockets, and any that are missing beyond both, are the server's. ${seconds} s after all flow.`,
    table: {
      head: [
        'sent',
        'receivers',
        'forwarded',
        'packets/s',
        'worker CPU',
        'µs a packet',
        'lost by the server',
        'not taken in',
        'pictures / sounds',
      ],
      rows: rows.map(({ shape, packets, octets, workerSeconds, lostByServer, notTakenIn, pictures, sounds }) => [
        shape,
        receivers,
        `${((octets * 8) / seconds / 1e6).toFixed(1)} Mbit/s`,
        Math.round(packets / seconds),
        `${((workerSeconds / seconds) * 100).toFixed(0)} %`,
        ((workerSeconds * 1e6) / packets).toFixed(2),
        lostByServer,
        notTakenIn,
        `${pictures} / ${sounds}`,
      ]),
    },
    figures: [
      {
        name: 'worker CPU per forwarded packet',
        value: (best.workerSeconds * 1e6) / best.packets,
        unit: 'µs',
        better: 'less',
      },
      {
        name: 'forwarded without loss by the server',
        value: (best.octets * 8) / seconds / 1e6,
        unit: 'Mbit/s',
        better: 'more',
      },
    ],
    goals: [
      {
        what: `${receivers} receivers of one speaker, sustained without loss caused by the server`,
        wanted: '0 packets lost',
        found: `${best.lostByServer} of ${best.packets} at ${best.shape}`,
        met: best.lostByServer === 0 && best.pictures === receivers && best.sounds === receivers,
      },
    ],
  };
});

async function measure(of: { receivers: number; seconds: number; kbits: number; fps: number }) {
  await using server = await startProcess([
    '--max-sockets-per-address',
    '2000',
    '--workers',
    String(workers),
    '--max-peers',
    '1000',
  ]);
  const who = ['--subscribers', '0', '--publishers', '1', '--speakers', '1'];
  const pace = { bitrate: String(of.kbits * slowMotion), fps: String(of.fps * slowMotion) };
  const speaker = crowdOf(server.http, ...who, '--bitrate', pace.bitrate, '--fps', pace.fps);
  speaker.slowMotion = slowMotion;
  await enterAll(speaker);
  const child = fork(join(import.meta.dirname, 'receivers.ts'), [server.http, String(of.receivers)]);
  let last: Report | undefined;
  try {
    await answerOf(child);
    await waitFor(
      async () => {
        last = await ask(child);
        return last.pictures === of.receivers && last.sounds === of.receivers;
      },
      {
        what: () =>
          `${of.receivers} pictures and sounds, there are ${last?.pictures} and ${last?.sounds}, ${last?.late} ms late`,
        timeoutMs: 60_000,
        everyMs: 500,
      },
    );
    await pause(5_000);
    const serverPort = (port: number) => port >= server.mediaPort && port < server.mediaPort + workers;
    const look = async () => {
      const dropped = droppedByPort();
      const report = await ask(child);
      return {
        ...report,
        cpuOfServer: server.cpu(),
        atServer: sumOf(dropped, serverPort),
        atReceivers: sumOf(dropped, (port) => !serverPort(port)),
      };
    };
    const before = await look();
    await pause(of.seconds * 1000);
    const after = await look();
    const since = (key: 'packets' | 'octets' | 'lost' | 'recovered' | 'forged') =>
      after.counts[key] - before.counts[key];
    if (since('forged') > 0) throw new Error(`${since('forged')} packets were not authentic`);
    const notTakenIn = after.atReceivers - before.atReceivers;
    const atServer = after.atServer - before.atServer;
    // What came when asked again was missing at first too.
    const missing = since('lost') + since('recovered');
    const found = {
      shape: `${of.kbits} kbit/s at ${of.fps} a second, and sound`,
      packets: since('packets'),
      octets: since('octets'),
      workerSeconds: after.cpuOfServer.workers - before.cpuOfServer.workers,
      lostByServer: atServer + Math.max(0, missing - notTakenIn),
      notTakenIn,
      pictures: after.pictures,
      sounds: after.sounds,
    };
    process.stderr.write(`${JSON.stringify({ ...found, missing, atServer, late: after.late })}\n`);
    return found;
  } finally {
    child.send('end');
    await Promise.race([once(child, 'exit'), pause(20_000)]);
    child.kill();
    await speaker.close();
  }
}

async function ask(child: ChildProcess): Promise<Report> {
  child.send('counts');
  return (await answerOf(child)) as Report;
}

/** What the receivers say next. Rejects when they end, or say nothing for two minutes. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(120_000)]);
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`the receivers ended with code ${code}`);
  });
  const answered = once(child, 'message', { signal }).then(([message]: unknown[]) => message);
  try {
    return await Promise.race([answered, ended]);
  } finally {
    done.abort();
    await Promise.allSettled([answered, ended]);
  }
}
