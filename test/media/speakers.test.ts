import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AudioLevel } from '../../packages/server/src/media/fabric.ts';
import { waitFor } from '@potluck/testkit';
import { encodeRtp, openUdp, opusOver } from './rtp.ts';
import { alternate, roomId, testFabric } from './support.ts';

describe('Speakers of a room on two workers', () => {
  it('are heard together: levels, dominant speaker, silence', async () => {
    await using fabric = await testFabric({ workers: 2 }, { choose: alternate() });
    const room = await fabric.openRoom(roomId);
    using udp = await openUdp();
    const speakers = await Promise.all(
      [1111, 2222].map(async (ssrc) => {
        const { id, port } = await room.openPlainTransport({ rtcpMux: true, comedia: true });
        const rtpParameters = opusOver(ssrc, { levels: true });
        const { id: producerId } = await room.produce(id, { kind: 'audio', rtpParameters, paused: false });
        return { ssrc, port, producerId };
      }),
    );
    const [ann, bob] = speakers;
    assert.ok(ann && bob);
    assert.equal(room.summary().routers, 2);

    const told: { at: number; levels: AudioLevel[] }[] = [];
    let dominant: string | undefined;
    room.events.on('audioLevels', (levels) => void told.push({ at: performance.now(), levels }));
    room.events.on('dominantSpeakerChanged', ({ producerId }) => (dominant = producerId));
    let sequence = 0;
    const levelOf = new Map([
      [ann, 60],
      [bob, 20],
    ]);
    // 20 ms of speech each, as opus sends it.
    const speaking = setInterval(() => {
      sequence += 1;
      for (const [{ ssrc, port }, level] of levelOf) {
        udp.socket.send(encodeRtp({ payloadType: 111, ssrc, sequence, level, payload: 'aah' }), port, '127.0.0.1');
      }
    }, 20);
    try {
      const both = await waitFor(() => told.find(({ levels }) => levels.length === 2), { what: 'two voices together' });
      assert.deepEqual(
        both.levels.map(({ producerId }) => producerId),
        [bob.producerId, ann.producerId],
      );
      assert.ok(both.levels.every(({ volume }) => volume <= 0 && volume >= -80));
      await waitFor(() => dominant === bob.producerId, { what: 'bob to dominate' });
      const since = told.length;
      await waitFor(() => told.length >= since + 3, { what: 'three more reports' });
      const gaps = told.slice(since + 1).map(({ at }, index) => at - (told[since + index]?.at ?? 0));
      assert.ok(
        gaps.every((gap) => gap > 700),
        `reports ${gaps.map(Math.round).join(', ')} ms apart`,
      );
      levelOf.clear();
      await waitFor(() => told.at(-1)?.levels.length === 0, { what: 'silence' });
    } finally {
      clearInterval(speaking);
    }
  });
});
