/** `node bench/flood/run.ts`: full-size floods against a server with real workers; how long a bystander's requests take. */
import { startServer } from '@potluck/testkit/server';
import { joinV3, openV3 } from '@potluck/testkit/v3-client';
import { measure, percentile, startFlood } from '../../test/security/flood.ts';

const floods = [
  { kind: 'silent', count: 2_000, seconds: 5 },
  { kind: 'messages', count: 100_000, seconds: 10 },
  { kind: 'deaf', count: 4_000, seconds: 10 },
  { kind: 'tokens', count: 5_000, seconds: 10 },
];
const wanted = process.argv[2];

for (const { kind, count, seconds } of floods) {
  if (wanted !== undefined && wanted !== kind) continue;
  await using server = await startServer({ sockets: { maxSocketsPerAddress: 5_000 } });
  const bystander = await openV3(server.ws, { roomId: 'calm', peerId: 'bystander' });
  await joinV3(bystander);
  const flooding = startFlood(kind, server.ws, count);
  const enough = new Promise<void>((resolve) => void setTimeout(resolve, seconds * 1_000));
  const times = await measure(bystander, Promise.all([flooding.then(({ done }) => done), enough]));
  const shown = [0.5, 0.95, 0.99].map((part) => `p${part * 100} ${percentile(times, part).toFixed(1)} ms`).join(', ');
  console.log(`${kind} × ${count}: ${shown}, worst ${times.at(-1)?.toFixed(0)} ms, ${times.length} requests`);
  await (await flooding).stop();
  bystander.cut();
}
