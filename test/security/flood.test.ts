/** Floods from another process, scaled for CI: a bystander's signalling stays answered. Full size: bench/flood. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@potluck/testkit';
import { startServer } from '@potluck/testkit/server';
import { joinV3, openV3 } from '@potluck/testkit/v3-client';
import { percentile } from '../../packages/server/src/cli/percentile.ts';
import { measure, startFlood } from './flood.ts';

/** The aim is 100 ms (issue 6, measured by bench/flood); here the flood and the measuring share a busy machine. */
const allowedMs = 400;

const floods = [
  { kind: 'silent', count: 300, what: '300 sockets that connect and say nothing' },
  { kind: 'messages', count: 10_000, what: '10,000 messages at once' },
  { kind: 'deaf', count: 1_200, what: 'a client that asks and never reads' },
  { kind: 'tokens', count: 1_000, what: '1,000 bad tokens in a second' },
];

describe('a flood', () => {
  for (const { kind, count, what } of floods) {
    it(`of ${what} does not stop the signalling of others`, async (test) => {
      const rooms = { firstMessageSeconds: 3 };
      await using server = await startServer({ rooms, sockets: { maxQueuedBytes: 1_000_000 } });
      const bystander = await openV3(server.ws, { roomId: 'calm', peerId: 'bystander' });
      await joinV3(bystander);
      const flood = await startFlood(kind, server.ws, count);
      try {
        const times = await measure(bystander, flood.done);
        const p95 = percentile(times, 0.95);
        test.diagnostic(`p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms of ${times.length}`);
        assert.ok(p95 < allowedMs, `p95 is ${p95.toFixed(0)} ms`);
        assert.equal(bystander.closed, undefined);
        if (kind === 'silent') {
          const { rooms: open } = server.app.registry;
          await waitFor(() => open.size === 1, { what: 'the silent to be put out', timeoutMs: 20_000 });
        }
        if (kind === 'tokens') {
          const refused = server.logLines.filter((line) => line.includes('credential refused'));
          assert.ok(refused.length < 60, `${refused.length} tokens were looked at`);
          assert.ok(server.logLines.some((line) => line.includes('"status":429')));
        }
      } finally {
        await flood.stop();
        bystander.cut();
      }
    });
  }
});
