/**
 * How soon two v3 clients hear and see each other again after the worker under them was killed: `node
 * bench/failover/v3.ts [kills]`. Both are mediasoup-client on libwebrtc with sound and picture, in this process; the pause of
 * one second before protoo-client reconnects is in the figures.
 */
import { loadavg } from 'node:os';
import { percentile } from '../../packages/server/src/cli/percentile.ts';
import { openTrialServer } from '../../packages/server/src/cli/chaos/server.ts';
import { V3Pair, type Return } from '../../test/chaos/v3-pair.ts';
import { pause } from '../kit/crowd.ts';

const [kills = 24] = process.argv.slice(2).map(Number);
const server = await openTrialServer({ workers: 2, standby: true });
const pair = new V3Pair(server);
const returns: Return[] = [];
await pair.enter();
for (let kill = 1; kill <= kills; kill++) {
  // A worker that has not lived for ten seconds is started later each time; they take turns.
  await pause(7000);
  const back = await pair.kill();
  returns.push(back);
  const [sound, picture] = [back.soundMs, back.pictureMs].map(Math.round);
  console.error(`${kill}. codes ${back.codes.join(' and ')}, sound after ${sound}, picture after ${picture} ms`);
}
pair.close();
await server.close();
const row = (values: number[]) => ({
  p50: Math.round(percentile(values, 0.5)),
  p95: Math.round(percentile(values, 0.95)),
  max: Math.round(percentile(values, 1)),
});
console.log(`${kills} kills, 2 workers, load average ${loadavg()[0]?.toFixed(1)}; milliseconds from the kill`);
console.table({
  'sound both ways': row(returns.map(({ soundMs }) => soundMs)),
  'picture both ways': row(returns.map(({ pictureMs }) => pictureMs)),
});
process.exit(0);
