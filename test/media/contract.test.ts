import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@potluck/kernel';
import { ConsumerId, DataProducerId, DtlsParameters, ProducerId, TransportId } from '@potluck/protocol';
import { FakeFabric, fakeRtpParameters } from '@potluck/testkit';
import type { MediaFabric } from '../../packages/server/src/media/fabric.ts';
import { consumeOn, openTransport, produceOn, roomId, testFabric, webRtc } from './support.ts';

const hasCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;
const fingerprint = { algorithm: 'sha-256' as const, value: Array.from({ length: 32 }, () => 'AB').join(':') };

/** What room tests rely on in the fake must be true of the real one. */
const fabrics: { [name: string]: () => Promise<MediaFabric & { close(): Promise<void> }> } = {
  'on a real worker': () => testFabric(),
  'in memory': async () => new FakeFabric(),
};

for (const [name, open] of Object.entries(fabrics)) {
  describe(`The media port ${name}`, () => {
    it('does not find what it does not hold', async () => {
      await using cleanup = new AsyncDisposableStack();
      const fabric = await open();
      cleanup.defer(() => fabric.close());
      const room = await fabric.openRoom(roomId);
      const transport = await openTransport(room);
      const producer = ProducerId.parse('nothing');
      const calls = [
        room.restartIce(TransportId.parse('nobody')),
        room.expectDownlink(TransportId.parse('nobody'), 1_000_000),
        consumeOn(room, transport, producer),
        room.pauseProducer(producer),
        room.resumeConsumer(ConsumerId.parse('nothing')),
        room.listenData(DataProducerId.parse('nothing')),
        room.stats({ kind: 'producer', id: producer }),
      ];
      for (const call of calls) await assert.rejects(call, hasCode('not_found'));
      await room.expectDownlink(transport, 3_000_000);
      room.closeTransport(TransportId.parse('nobody'));
      room.closeProducer(producer);
    });

    it('refuses what it cannot do with the right code', async () => {
      await using cleanup = new AsyncDisposableStack();
      const fabric = await open();
      cleanup.defer(() => fabric.close());
      const room = await fabric.openRoom(roomId);
      const transport = await openTransport(room);

      const vp8 = fakeRtpParameters('video');
      const h265 = fakeRtpParameters('video', { mimeType: 'video/H265' });
      const produce = (kind: 'audio' | 'video', rtpParameters: typeof vp8) =>
        room.produce(transport, { kind, rtpParameters, paused: false });
      await assert.rejects(produce('video', h265), hasCode('unsupported'));
      await assert.rejects(produce('audio', vp8), hasCode('bad_request'));
      const noSsrc = { ...vp8, encodings: [{}] };
      await assert.rejects(produce('video', noSsrc), hasCode('bad_request'));
      const { id: producerId } = await produce('video', vp8);
      await assert.rejects(produce('video', vp8), hasCode('conflict'));
      const onlyAudio = { codecs: (room.rtpCapabilities.codecs ?? []).filter(({ kind }) => kind === 'audio') };
      await assert.rejects(
        room.consume(transport, {
          producerId,
          rtpCapabilities: onlyAudio,
          paused: true,
          enableRtx: true,
          ignoreDtx: true,
        }),
        hasCode('unsupported'),
      );

      const dtls = DtlsParameters.parse({ role: 'client', fingerprints: [fingerprint] });
      await room.connectWebRtcTransport(transport, dtls);
      await assert.rejects(room.connectWebRtcTransport(transport, dtls), hasCode('conflict'));
      const withoutSctp = (await room.openWebRtcTransport({ ...webRtc, sctp: false })).id;
      await assert.rejects(
        room.produceData(withoutSctp, { sctpStreamParameters: { streamId: 1 }, label: '', protocol: '' }),
        hasCode('conflict'),
      );
      room.close('over');
      await assert.rejects(openTransport(room), hasCode('unavailable'));
    });

    it('ends what stands on what is closed, and says nothing about it', async () => {
      await using cleanup = new AsyncDisposableStack();
      const fabric = await open();
      cleanup.defer(() => fabric.close());
      const room = await fabric.openRoom(roomId);
      const [send, receive] = [await openTransport(room), await openTransport(room)];
      const { id: producerId } = await produceOn(room, send);
      const { id: consumerId } = await consumeOn(room, receive, producerId);
      await room.pauseProducer(producerId);
      assert.equal((await consumeOn(room, receive, producerId)).producerPaused, true);
      let lost = 0;
      room.events.on('transportLost', () => void (lost += 1));
      room.closeTransport(send);
      const { transports, producers, consumers } = room.summary();
      assert.deepEqual([transports, producers, consumers, lost], [1, 0, 0, 0]);
      await assert.rejects(room.resumeConsumer(consumerId), hasCode('not_found'));
    });
  });
}
