/** `node bench/flood/run.ts [KIND]`: full-size floods against a server with a real worker, while two people are in a call there. */
import { loadavg } from 'node:os';
import { startServer } from '@potluck/testkit/server';
import { startCall, type Watched } from '../../test/security/calling.ts';
import { percentile } from '../../packages/server/src/cli/percentile.ts';
import { startFlood } from '../../test/security/flood.ts';

const floods = [
  { kind: 'silent', count: 2_000, seconds: 8 },
  { kind: 'messages', count: 100_000, seconds: 10 },
  { kind: 'deaf', count: 4_000, seconds: 10 },
  { kind: 'tokens', count: 10_000, seconds: 10 },
];
const wanted = process.argv[2];
const wordsFor = ({ fps, times }: Watched) =>
  `${fps.toFixed(1)} frames/s, requests p50 ${percentile(times, 0.5).toFixed(1)} p95 ${percentile(times, 0.95).toFixed(1)} ` +
  `p99 ${percentile(times, 0.99).toFixed(1)} worst ${times.at(-1)?.toFixed(0)} ms of ${times.length}`;

for (const { kind, count, seconds } of floods) {
  if (wanted !== undefined && wanted !== kind) continue;
  await using server = await startServer({ sockets: { maxSocketsPerAddress: 5_000 } });
  await using call = await startCall(server.http, server.ws);
  // Estimates of bandwidth and the first compilations settle.
  await call.watch(5);
  const before = await call.watch(8);
  const flood = await startFlood(kind, server.ws, count);
  const during = await call.watch(seconds, flood.done);
  await flood.stop();
  const kept = ((100 * during.fps) / before.fps).toFixed(0);
  console.log(`${kind} × ${count}, load ${loadavg()[0]?.toFixed(1)}`);
  console.log(`  before  ${wordsFor(before)}\n  during  ${wordsFor(during)}\n  ${kept} % of the frame rate`);
}
