/** A short seeded run of bench/fuzz, and the same junk against a whole server. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { httpRoutes } from '@potluck/protocol';
import { startServer } from '@potluck/testkit/server';
import { openV3 } from '@potluck/testkit/v3-client';
import fc from 'fast-check';
import { targets } from '../../bench/fuzz/targets.ts';
import { askRaw } from './raw.ts';

const seed = 20_261_122;

describe('junk', () => {
  for (const { name, property } of targets) {
    it(`is answered or refused: ${name}`, async () => {
      await fc.assert(property(), { numRuns: 2_000, seed });
    });
  }

  it('on every HTTP route and over a socket leaves a whole server as it was', async () => {
    await using server = await startServer();
    const port = server.app.httpPort ?? 0;
    const client = await openV3(server.ws, { roomId: 'r', peerId: 'p' });
    for (const [index, text] of fc.sample(fc.json(), { numRuns: 300, seed }).entries()) {
      const { method, path } = Object.values(httpRoutes)[index % Object.keys(httpRoutes).length] ?? httpRoutes.getRoom;
      const target = path.replaceAll(/:\w+/gu, encodeURIComponent(text.slice(0, 20)) || 'x');
      const headers = { 'Content-Type': 'application/json' };
      const { status } = await askRaw(port, target, { method: method.toUpperCase(), headers, body: text });
      assert.ok(status >= 200 && status < 600, `${method} ${target}: ${status}`);
      client.sendText(text);
      client.sendText(`{"request":true,"id":${index},"method":"join","data":${text}}`);
    }
    assert.ok(await client.request('getRouterRtpCapabilities'));
    assert.equal((await askRaw(port, '/health')).status, 200);
    assert.ok(!server.logLines.some((line) => line.includes('"level":"error"')));
    client.cut();
  });
});
