/** CPU of a server with nothing to do, and of rooms in which nothing happens. `node bench/idle/run.ts [--quick]` */
import { runBench } from '../kit/bench.ts';
import { crowdOf, enterAll, pause } from '../kit/crowd.ts';
import { startProcess, type ServerProcess } from '../kit/server.ts';

await runBench({ name: 'idle', title: 'Idle cost' }, async ({ quick }) => {
  const seconds = quick ? 6 : 20;
  const people = quick ? 4 : 10;
  const share = async (server: ServerProcess) => {
    const before = server.cpu();
    await pause(seconds * 1000);
    const after = server.cpu();
    return { node: (after.node - before.node) / seconds, workers: (after.workers - before.workers) / seconds };
  };
  await using server = await startProcess(['--workers', '2']);
  await pause(3_000);
  const empty = await share(server);
  const watching = crowdOf(server.http, '--publishers', '0', '--subscribers', String(people));
  await enterAll(watching);
  await pause(4_000);
  const quiet = await share(server);
  await watching.close();
  const row = (what: string, of: typeof empty) => [what, percent(of.node), percent(of.workers)];
  return {
    about: `CPU over ${seconds} s, of one core; two workers, with standby transports. In the idle room ${people} clients are connected over ICE and DTLS, say that they are there, and nobody sends.`,
    table: {
      head: ['', 'Node', 'workers together'],
      rows: [row('nobody is there', empty), row(`a room of ${people} in which nothing happens`, quiet)],
    },
    figures: [
      {
        name: 'empty server, all processes',
        value: (empty.node + empty.workers) * 100,
        unit: '% of a core',
        better: 'less',
      },
      {
        name: 'idle client, all processes',
        value: ((quiet.node + quiet.workers) * 100) / people,
        unit: '% of a core',
        better: 'less',
      },
    ],
    goals: [],
  };
});

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
