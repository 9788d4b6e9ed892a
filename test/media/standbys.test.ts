import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consumeOn, openTransport, produceOn, roomId, testFabric, webRtc } from './support.ts';

describe('transports held in reserve', () => {
  it('are no load, and no reason to go elsewhere, until something stands on them', async () => {
    const fills: number[][] = [];
    await using fabric = await testFabric(
      { workers: 2 },
      {
        choose: ({ workers, room, awayFrom }) => {
          fills.push(workers.map(({ transports }) => transports));
          return workers.find(({ index }) => index !== awayFrom)?.index ?? room[0]?.worker;
        },
      },
    );
    const room = await fabric.openRoom(roomId);
    const held = () => fabric.workers().map(({ transports, standbys }) => [transports, standbys]);
    const active = await openTransport(room);
    const standby = await room.openWebRtcTransport({ ...webRtc, apart: true, awayFrom: active });
    const idle = await room.openWebRtcTransport({ ...webRtc, apart: true, awayFrom: active });
    assert.deepEqual(held(), [
      [1, 0],
      [2, 2],
    ]);
    const last = await openTransport(room);
    assert.deepEqual(fills.at(-1), [1, 0]);

    const asked: unknown[] = [];
    room.events.on('moveWanted', ({ only }) => asked.push(only && [...only]));
    for (const most of [1, 9]) assert.equal(room.askToMove(1, most), 0, 'nothing there is worth a move');
    const { id: producerId } = await produceOn(room, active);
    await consumeOn(room, standby.id, producerId);
    assert.deepEqual(held()[1], [2, 1]);
    assert.equal(room.askToMove(1, 1), 1);
    assert.equal(room.askToMove(1), 2, 'all is to go');
    assert.deepEqual(asked, [[standby.id], undefined]);

    for (const { id } of [standby, idle]) room.closeTransport(id);
    room.closeTransport(last);
    assert.deepEqual(held(), [
      [1, 0],
      [0, 0],
    ]);
  });
});
