import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TalkDetector } from './talk-detector.ts';

/** Levels a quarter of a second apart; the times in seconds at which talking was told. */
function told(levels: readonly number[]): number[] {
  const detector = new TalkDetector();
  return levels.flatMap((level, index) => (detector.heard(level, index * 250) ? [index / 4] : []));
}
const seconds = (count: number, level: number) => Array.from({ length: count * 4 }, () => level);

describe('TalkDetector', () => {
  it('tells a sentence, with its gaps', () => {
    assert.deepEqual(told([0, 0.6, 0.6, 0.1, 0.7, 0.6, 0.6]), [1.25]);
  });

  it('is silent about a cough, and about a room that hums', () => {
    assert.deepEqual(told([0, 0.9, 0.9, ...seconds(3, 0.1), 0.9]), []);
    assert.deepEqual(told(seconds(60, 0.3)), []);
  });

  it('says it again only after half a minute', () => {
    assert.deepEqual(told(seconds(40, 0.8)), [0.75, 30.75]);
  });
});
