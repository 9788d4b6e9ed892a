import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TransportId } from '@potluck/protocol';
import { waitFor } from '@potluck/testkit';
import { encodeRtp, openUdp, opusOver } from './rtp.ts';
import { consumeOn, roomId, testFabric } from './support.ts';

const receivers = 24;
const ssrc = 1111;
const tickMs = 4;
/** What is worth a move is a matter of degree: a part of a core here, so that others find room beside the test. */
const worth = { busyCpu: 0.25, minDifference: 0.15 };

/** One sender and many receivers on worker 0, and a rising number of packets. */
async function busyRoom() {
  let place = 0;
  const options = { choose: () => place, rebalance: worth };
  const fabric = await testFabric({ workers: 2, measureEveryMs: 500 }, options);
  const room = await fabric.openRoom(roomId);
  const [sender, sink] = [await openUdp(), await openUdp()];
  let received = 0;
  sink.socket.on('message', () => (received += 1));
  const from = await room.openPlainTransport({ rtcpMux: true, comedia: true });
  const rtpParameters = opusOver(ssrc);
  const { id: producerId } = await room.produce(from.id, { kind: 'audio', rtpParameters, paused: false });
  const receiveOn = async (worker: number): Promise<TransportId> => {
    place = worker;
    const { id } = await room.openPlainTransport({ rtcpMux: true, comedia: false });
    await room.connectPlainTransport(id, { ip: '127.0.0.1', port: sink.port });
    const consumer = await consumeOn(room, id, producerId);
    await room.resumeConsumer(consumer.id);
    return id;
  };
  const held = new Set<TransportId>();
  while (held.size < receivers) held.add(await receiveOn(0));
  let sequence = 0;
  let perTick = 2;
  const sending = setInterval(() => {
    for (let count = 0; count < perTick; count++) {
      const packet = encodeRtp({ payloadType: 111, ssrc, sequence: (sequence += 1), payload: 'soup' });
      sender.socket.send(packet, from.port, '127.0.0.1');
    }
  }, tickMs);
  const raising = setInterval(() => {
    if ((fabric.workers()[0]?.cpu ?? 0) < 2 * worth.busyCpu) perTick += 2;
  }, 500);
  return {
    fabric,
    room,
    held,
    receiveOn,
    /** Where its receivers are. */
    on: (worker: number) => [...held].filter((id) => room.workerOf(id) === worker).length,
    get received() {
      return received;
    },
    steady: () => clearInterval(raising),
    async [Symbol.asyncDispose]() {
      clearInterval(sending);
      clearInterval(raising);
      await fabric[Symbol.asyncDispose]();
      sender[Symbol.dispose]();
      sink[Symbol.dispose]();
    },
  };
}

describe('Rebalancing of real workers', () => {
  it(
    'asks for a part of the busy one to go to the idle one, and both have work then',
    { timeout: 60_000 },
    async (t) => {
      await using busy = await busyRoom();
      const { fabric, room, held, receiveOn, on } = busy;
      const asked: { worker: number; to: number | undefined; count: number }[] = [];
      const moving: Promise<unknown>[] = [];
      room.events.on('moveWanted', ({ worker, to, only }) => {
        asked.push({ worker, to, count: only?.size ?? held.size });
        // As a client does it: the new way is up before the old one goes.
        for (const id of only ?? held) {
          if (!held.has(id)) continue;
          moving.push(
            receiveOn(to ?? 1).then((next) => {
              held.add(next);
              held.delete(id);
              room.closeTransport(id);
            }),
          );
        }
      });
      await waitFor(() => asked.length > 0, { what: 'a request to move', timeoutMs: 30_000 });
      busy.steady();
      await Promise.all(moving);
      assert.deepEqual([asked[0]?.worker, asked[0]?.to], [0, 1]);
      assert.ok(asked[0]!.count <= Math.ceil((receivers + 1) / 4), 'a quarter at once');
      assert.equal(held.size, receivers);
      assert.ok(on(1) > 0 && on(0) > 0, 'some moved, not all');
      const before = busy.received;
      await waitFor(() => busy.received > before + 100, { what: 'packets after the move' });
      await waitFor(() => (fabric.workers()[1]?.cpu ?? 0) > 0.02, { what: 'work on the other worker' });
      const cpu = fabric.workers().map((worker) => worker.cpu.toFixed(2));
      t.diagnostic(`${on(0)} and ${on(1)} receivers, CPU ${cpu.join(' and ')} of a core`);
    },
  );
});
