/**
 * So many clients join one room at once, each sending sound and picture (signalling only): until everyone was offered all
 * that it should get and the server lets it flow. v3 dialect: everything. Own dialect: twelve microphones at most, nine
 * pictures; once with all microphones open, once with all but the first ten muted, as big meetings begin.
 */
import { cpus, loadavg } from 'node:os';
import { waitFor } from '@potluck/testkit';
import { joinV3, openV3 } from '@potluck/testkit/v3-client';
import { enterOwn } from './own-client.ts';
import { startProcess, type ServerProcess } from '../kit/server.ts';

const shown = 9;
/** `rooms.loudestSpeakers` */
const heard = 12;
const sizes = process.argv.slice(2).map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 2))
  throw new Error('sizes of the crowd: whole numbers from 2 on');

type Crowd = (server: ServerProcess, size: number) => Promise<{ consumers: number }>;

const v3: Crowd = async (server, size) => {
  const wanted = size * (size - 1) * 2;
  const peers = await Promise.all(
    Array.from({ length: size }, async (_, n) => {
      const peer = await joinV3(await openV3(server.ws, { roomId: 'storm', peerId: `peer-${n}` }));
      await Promise.all([peer.produce('audio'), peer.produce('video')]);
      return peer;
    }),
  );
  // The server tells the score of a consumer when it lets it flow.
  const flowing = () =>
    peers.reduce(
      (sum, { client }) => sum + new Set(client.said('consumerScore').map(({ consumerId }) => consumerId)).size,
      0,
    );
  await waitFor(() => flowing() === wanted, {
    what: () => `${wanted} consumers that flow, ${flowing()} do`,
    timeoutMs: 120_000,
    everyMs: 50,
  });
  return { consumers: wanted };
};

const ownWith =
  (open: number): Crowd =>
  async (server, size) => {
    const places = Math.min(heard, size);
    // Whoever has a place does not hear herself.
    const wanted = size * (places + Math.min(shown, size - 1)) - places;
    const peers = await Promise.all(
      Array.from({ length: size }, (_, n) => enterOwn(server.ws, 'storm', `peer-${n}`, shown, n >= open)),
    );
    const flowing = () => peers.reduce((sum, peer) => sum + peer.flowing(), 0);
    const held = () => peers.reduce((sum, peer) => sum + peer.takeOffers(), 0);
    await waitFor(() => held() === wanted && flowing() === wanted, {
      what: () => `${wanted} consumers that flow, ${held()} are held, ${flowing()} flow`,
      timeoutMs: 120_000,
      everyMs: 20,
    });
    return { consumers: wanted };
  };

const crowds = { v3, own: ownWith(Infinity), 'own, 10 unmuted': ownWith(10) };

console.log(
  `Clients that join one room at once; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, clients on the same machine\n`,
);
console.log(
  '| dialect | clients | consumers | until all flow | Node CPU | worker CPU | Node memory, peak | before |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
);
for (const size of sizes.length > 0 ? sizes : [25, 50, 100]) {
  for (const [name, crowd] of Object.entries(crowds)) {
    await using server = await startProcess(['--max-sockets-per-address', '1000']);
    const idle = server.memory();
    const before = server.cpu();
    const began = performance.now();
    const { consumers } = await crowd(server, size);
    const ms = performance.now() - began;
    const after = server.cpu();
    const seconds = (value: number) => `${value.toFixed(2)} s`;
    console.log(
      `| ${name} | ${size} | ${consumers} | ${seconds(ms / 1000)} | ${seconds(after.node - before.node)} | ${seconds(after.workers - before.workers)} | ${server.peakMemory()} MiB | ${idle} MiB |`,
    );
  }
}
process.exit();
