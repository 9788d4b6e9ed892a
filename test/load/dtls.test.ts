/** The DTLS of load clients against a real worker. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { nextEvent, waitFor } from '@potluck/testkit';
import type { RoomMedia } from '../../packages/server/src/media/fabric.ts';
import { makeCertificate, type Certificate } from '../../packages/server/src/cli/load/rtc/dtls/certificate.ts';
import { DtlsClient } from '../../packages/server/src/cli/load/rtc/dtls/client.ts';
import { MediaPath } from '../../packages/server/src/cli/load/rtc/path.ts';
import { bindingRequest } from '../media/stun.ts';
import { roomId, testFabric, webRtc } from '../media/support.ts';

const connect = async (room: RoomMedia, certificate: Certificate) => {
  const transport = await room.openWebRtcTransport(webRtc);
  const fingerprints = [{ algorithm: 'sha-256' as const, value: certificate.fingerprint }];
  await room.connectWebRtcTransport(transport.id, { role: 'client', fingerprints });
  return transport;
};

describe('DTLS', () => {
  it('that ends is a transport lost, which no new ICE credentials bring back', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const certificate = await makeCertificate();
    const transport = await connect(room, certificate);
    const path = new MediaPath(transport, { certificate });
    path.start();
    await nextEvent(path.events, 'stateChanged');
    assert.equal(path.state, 'connected');
    const lost = nextEvent(room.events, 'transportLost');
    path.close();
    assert.deepEqual(await lost, [{ transportId: transport.id, reason: 'DTLS closed' }]);
  });

  it('survives a client that is so late that it hears everything many times over', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const certificate = await makeCertificate();
    const { id, iceCandidates, iceParameters, dtlsParameters } = await connect(room, certificate);
    const { port, address } = iceCandidates[0]!;
    const socket = createSocket('udp4');
    try {
      socket.send(bindingRequest(iceParameters), port, address);
      await once(socket, 'message');
      const sent: Buffer[] = [];
      const heard: Buffer[] = [];
      socket.on('message', (data: Buffer) => heard.push(data));
      const send = (data: Buffer) => {
        sent.push(data);
        socket.send(data, port, address);
      };
      const client = new DtlsClient({ certificate, remote: dtlsParameters, send });
      client.start();
      // The server, which gets no answer, has begun to say again what it said.
      await waitFor(() => heard.length >= 6, { what: 'a flight twice', timeoutMs: 5_000 });
      const connected = nextEvent(client.events, 'connected');
      const before = sent.length;
      for (let times = 0; times < 30; times++) heard.forEach((data) => client.receive(data));
      assert.equal(sent.length - before, 1);
      socket.on('message', (data: Buffer) => client.receive(data));
      await connected;
      const [stats] = await room.stats({ kind: 'transport', id });
      assert.equal((stats as { dtlsState?: string }).dtlsState, 'connected');
      client.close();
    } finally {
      socket.close();
    }
  });
});
