/** Clients that take their time (slow loris). */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { startServer } from '@potluck/testkit/server';
import { statusOf } from './raw.ts';

/** What comes from this port until it hangs up, and after how many seconds. */
async function waitFor(port: number, bytes: string) {
  const socket = connect(port, '127.0.0.1');
  const began = performance.now();
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('latin1'))).on('error', () => {});
  if (bytes !== '') socket.write(bytes);
  await once(socket, 'close');
  return { answer, seconds: (performance.now() - began) / 1000 };
}

describe('a client that takes its time', () => {
  it('is hung up on in the TLS handshake, in the header, and when it asks nothing', async () => {
    await using server = await startServer();
    const { httpsPort, httpPort = 0 } = server.app;
    const [handshake, header, nothing] = await Promise.all([
      waitFor(httpsPort, '\x16\x03\x01'),
      waitFor(httpPort, 'GET /health HTTP/1.1\r\nHost: x\r\nX: a'),
      waitFor(httpPort, ''),
    ]);
    assert.ok(handshake.seconds < 20, `handshake: ${handshake.seconds} s`);
    assert.equal(statusOf(header.answer), 408);
    assert.ok(header.seconds < 35, `header: ${header.seconds} s`);
    assert.ok(nothing.seconds < 35, `nothing: ${nothing.seconds} s`);
  });
});
