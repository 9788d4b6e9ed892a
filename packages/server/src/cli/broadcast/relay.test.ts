import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { freePortPair, listening, openRelay } from './relay.ts';
import { isRtcp } from './rtcp.ts';

async function bound(port = 0): Promise<Socket & Disposable & { readonly got: Buffer[] }> {
  const socket = createSocket('udp4');
  const got: Buffer[] = [];
  socket.on('message', (packet) => got.push(packet));
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return Object.assign(socket, { got, [Symbol.dispose]: () => socket.close() });
}

const rtp = (sequence: number) => Buffer.from([0x80, 101, 0, sequence, 0, 0, 0, 0, 0, 0, 0, 1, 0xaa]);
const isPictureLoss = (packet: Buffer) => packet.length > 9 && packet[9] === 206;

describe('Relay', () => {
  it('makes itself known, hands RTP and RTCP on, and asks for a key frame after a loss', async () => {
    using server = await bound();
    const localPort = await freePortPair();
    using media = await bound(localPort);
    using control = await bound(localPort + 1);
    const { port } = server.address();
    const relay = await openRelay({ ip: '127.0.0.1', port, localPort, mediaSsrc: 7, kind: 'video' });
    await waitFor(() => server.got.length > 0, { what: 'the first report' });
    assert.ok(server.got.every(isRtcp));

    const [, from] = await new Promise<[Buffer, { port: number }]>((resolve) => {
      server.once('message', (packet, info) => resolve([packet, info]));
      relay.askForKeyFrame();
    });
    for (const packet of [rtp(1), rtp(2), rtp(5)]) server.send(packet, from.port, '127.0.0.1');
    server.send(Buffer.from([0x80, 200, 0, 1, 0, 0, 0, 7]), from.port, '127.0.0.1');
    await waitFor(() => media.got.length === 3 && control.got.length === 1, { what: 'everything to arrive' });
    assert.deepEqual([relay.packets, relay.lost], [3, 2]);
    // Asked for just before: the loss does not make a second request within a second.
    assert.equal(server.got.filter(isPictureLoss).length, 1);

    relay.finish();
    await waitFor(() => control.got.length === 2, { what: 'the goodbye' });
    assert.equal(control.got[1]?.[9], 203);
    relay.close();
    relay.close();
  });
});

describe('listening', () => {
  it('waits until a program has opened the port', async () => {
    const port = await freePortPair();
    const waiting = listening(port, { withinMs: 5_000 });
    let done = false;
    void waiting.then(() => (done = true));
    await assert.rejects(listening(port, { withinMs: 100 }), { code: 'timeout' });
    assert.equal(done, false);
    using _ = await bound(port);
    await waiting;
  });
});
