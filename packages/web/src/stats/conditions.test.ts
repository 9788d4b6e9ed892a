import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conditionsOf } from './conditions.ts';

describe('conditionsOf', () => {
  const typed = { uplink: '500', downlink: ' 1e3 ', roundTripTime: '0', packetLoss: '2.5' };

  it('reads what was typed', () => {
    assert.deepEqual(conditionsOf(typed), { uplink: 500, downlink: 1000, roundTripTime: 0, packetLoss: 2.5 });
  });

  it('takes nothing else', () => {
    for (const packetLoss of ['', 'x', '-1', '101', 'NaN'])
      assert.equal(conditionsOf({ ...typed, packetLoss }), undefined);
  });
});
