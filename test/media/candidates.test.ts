import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIPv6 } from 'node:net';
import { describe, it } from 'node:test';
import type { IceCandidate, IceParameters } from '@potluck/protocol';
import { nextEvent, within } from '@potluck/testkit';
import { bindingRequest, isSuccess } from './stun.ts';
import { roomId, testFabric, webRtc } from './support.ts';

describe('ICE candidates of a machine that is configured by nobody', () => {
  it('all answer, each from the address that was asked', async () => {
    await using fabric = await testFabric({ listenIp: '0.0.0.0' });
    const room = await fabric.openRoom(roomId);
    const { iceCandidates, iceParameters } = await room.openWebRtcTransport(webRtc);
    const addresses = new Set(iceCandidates.map(({ address }) => address));
    assert.ok(addresses.has('127.0.0.1'));
    assert.equal(iceCandidates.length, 2 * addresses.size);
    for (const candidate of iceCandidates) {
      const { protocol, address } = candidate;
      const asking = protocol === 'udp' ? askByUdp(candidate, iceParameters) : askByTcp(candidate, iceParameters);
      assert.ok(isSuccess(await within(`an answer from ${protocol} ${address}`, asking, 3000)));
    }
  });

  it('answer again after an ICE restart, with the new credentials', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const { id, iceCandidates } = await room.openWebRtcTransport(webRtc);
    const [candidate] = iceCandidates;
    assert.ok(candidate);
    const restarted = await room.restartIce(id);
    assert.ok(isSuccess(await within('an answer', askByUdp(candidate, restarted), 3000)));
  });

  it('say when the far end is gone', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const { id, iceCandidates, iceParameters } = await room.openWebRtcTransport({ ...webRtc, forceTcp: true });
    const [candidate] = iceCandidates;
    assert.ok(candidate);
    const failed = nextEvent(room.events, 'transportFailed');
    // The connection ends with the answer.
    await askByTcp(candidate, iceParameters);
    assert.deepEqual(await failed, [{ transportId: id, reason: 'ICE disconnected' }]);
    assert.equal(room.summary().transports, 1);
  });
});

async function askByUdp({ address, port }: IceCandidate, credentials: IceParameters): Promise<Buffer> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  // From another address than the one that was asked, a browser would not take the answer.
  socket.on('message', (data: Buffer, from) => from.address === address && resolve(data));
  socket.send(bindingRequest(credentials), port, address);
  try {
    return await promise;
  } finally {
    socket.close();
  }
}

/** Framed by two bytes of length (RFC 4571 §2). */
async function askByTcp({ address, port }: IceCandidate, credentials: IceParameters): Promise<Buffer> {
  const socket = connect({ host: address, port });
  const request = bindingRequest(credentials);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(request.length);
  socket.write(Buffer.concat([length, request]));
  try {
    const [data]: unknown[] = await once(socket, 'data');
    assert.ok(Buffer.isBuffer(data));
    return data.subarray(2);
  } finally {
    socket.destroy();
  }
}
