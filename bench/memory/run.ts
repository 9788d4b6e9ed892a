/** Memory of the server: empty, with joined peers, and for each peer and consumer. `node bench/memory/run.ts [--quick]` */
import { waitFor } from '@potluck/testkit';
import { joinV3, openV3, type JoinedV3 } from '@potluck/testkit/v3-client';
import { runBench } from '../kit/bench.ts';
import { pause } from '../kit/crowd.ts';
import { startProcess, type ServerProcess } from '../kit/server.ts';
import { enterOwn } from '../join-storm/own-client.ts';

/** Node gives back what it does not need after some seconds without work. */
const settleMs = 4_000;
type Row = { what: string; node: number; workers: number };

await runBench({ name: 'memory', title: 'Memory' }, async ({ quick }) => {
  const size = quick ? 20 : 100;
  const rows: Row[] = [];
  const look = async (what: string, server: ServerProcess) => {
    await pause(settleMs);
    const row = { what, node: server.memory(), workers: server.workerMemory() };
    rows.push(row);
    return row;
  };
  const args = ['--max-sockets-per-address', '1000', '--workers', '1', '--no-standby'];

  await using first = await startProcess(args);
  const empty = await look('nobody', first);
  const sockets = await Promise.all(
    Array.from({ length: size }, (_, n) => openV3(first.ws, { roomId: 'm', peerId: `p${n}` })),
  );
  const silent = { produce: false, consume: false };
  await Promise.all(sockets.map((client) => joinV3(client, silent)));
  const joined = await look(`${size} joined v3 peers without media`, first);

  await using second = await startProcess(args);
  const peers: JoinedV3[] = [];
  for (let n = 0; n < size; n++) {
    const peer = await joinV3(await openV3(second.ws, { roomId: 'm', peerId: `p${n}` }));
    await Promise.all([peer.produce('audio'), peer.produce('video')]);
    peers.push(peer);
  }
  const wanted = size * (size - 1) * 2;
  const flowing = () =>
    peers.reduce(
      (sum, { client }) => sum + new Set(client.said('consumerScore').map(({ consumerId }) => consumerId)).size,
      0,
    );
  await waitFor(() => flowing() >= wanted, {
    what: () => `${wanted} consumers, ${flowing()}`,
    timeoutMs: 120_000,
    everyMs: 200,
  });
  const everything = await look(`${size} v3 peers, everything consumed: ${wanted} consumers`, second);

  await using third = await startProcess(args);
  const own = await Promise.all(Array.from({ length: size }, (_, n) => enterOwn(third.ws, 'm', `p${n}`, 9, false)));
  await waitFor(
    () => {
      for (const peer of own) peer.takeOffers();
      return own.every((peer) => peer.flowing() >= Math.min(9, size - 1));
    },
    { what: 'everything shown to flow', timeoutMs: 60_000, everyMs: 50 },
  );
  const nine = await look(`${size} of our peers, nine pictures each`, third);

  const perPeer = ((joined.node - empty.node) / size) * 1024;
  const perConsumer = {
    node: ((everything.node - nine.node) / wanted) * 1024,
    worker: ((everything.workers - nine.workers) / wanted) * 1024,
  };
  return {
    about: `Resident memory of the server's processes, ${settleMs / 1000} s after the last change; one worker, signalling over real sockets, transports that no packet reaches. A peer without media has a socket and no transports. The share of one consumer is the difference between everything and nine pictures, over the consumers (the peers and producers are the same).`,
    table: {
      head: ['', 'Node', 'worker'],
      rows: rows.map(({ what, node, workers }) => [what, `${node} MiB`, `${workers} MiB`]),
    },
    figures: [
      { name: 'Node, nobody', value: empty.node, unit: 'MiB', better: 'less' },
      { name: `Node, ${size} joined without media`, value: joined.node, unit: 'MiB', better: 'less' },
      { name: 'Node per joined peer', value: perPeer, unit: 'KiB', better: 'less' },
      { name: 'Node per consumer', value: perConsumer.node, unit: 'KiB', better: 'less' },
      { name: 'worker per consumer', value: perConsumer.worker, unit: 'KiB', better: 'less' },
    ],
    goals: [],
  };
});
