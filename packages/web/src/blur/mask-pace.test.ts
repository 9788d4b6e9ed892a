import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MaskPace } from './mask-pace.ts';

/** How often one looks in ten seconds of pictures, 30 a second, after the pace has settled. */
function looks(costMs: number): number {
  const pace = new MaskPace();
  let count = 0;
  for (let frame = 0; frame < 600; frame++) {
    if (pace.due((frame * 1000) / 30) === undefined) continue;
    pace.took(costMs);
    if (frame >= 300) count += 1;
  }
  return count;
}

describe('MaskPace', () => {
  it('looks at every picture where that is cheap', () => assert.equal(looks(10), 300));
  it('spends no more than two fifths of the time on it', () => {
    for (const costMs of [20, 40, 60]) assert.ok((looks(costMs) * costMs) / 10_000 <= 0.41, `${looks(costMs)}`);
  });
  it('looks four times a second at least', () => assert.ok(looks(400) >= 37, `${looks(400)}`));
  it('says how long ago it looked', () => {
    const pace = new MaskPace();
    assert.equal(pace.due(1000), Infinity);
    pace.took(40);
    assert.equal(pace.due(1010), undefined);
    assert.equal(pace.due(1100), 100);
  });
});
