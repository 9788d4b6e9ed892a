import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hangs } from './hanging.ts';

describe('A worker that does not answer', () => {
  it('hangs after a second when it is stopped', () => {
    assert.ok(hangs({ silentMs: 1_000, stopped: true, cpuMs: 0 }));
  });

  it('hangs after five when it runs in a circle, waits for ever, or nothing is known of it', () => {
    for (const cpuMs of [4_900, 20, undefined]) {
      assert.deepEqual(
        [4_900, 5_000].map((silentMs) => hangs({ silentMs, stopped: false, cpuMs })),
        [false, true],
        `${cpuMs} ms`,
      );
    }
  });

  it('is left alone for twenty while it works with too little of a processor', () => {
    const found = [6_000, 19_000, 20_000].map((silentMs) => hangs({ silentMs, stopped: false, cpuMs: silentMs * 0.3 }));
    assert.deepEqual(found, [false, false, true]);
  });
});
