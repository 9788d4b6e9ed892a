import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { longestGap, longestOf } from './gaps.ts';

describe('longestGap', () => {
  it('is the longest silence, edges included', () => {
    assert.equal(longestGap([10, 20, 70, 80], 0, 100), 50);
    assert.equal(longestGap([10, 20], 0, 100), 80);
    assert.equal(longestGap([], 0, 100), 100);
  });
});

describe('longestOf', () => {
  const all = () => true;
  const bots = [
    { name: 'anna', gaps: { 'bob camera': 40, 'carl camera': 900 } },
    { name: 'bob', gaps: { 'anna camera': 60, 'carl camera': 70 } },
    { name: 'carl', gaps: { 'anna camera': 20, 'bob camera': 30 } },
  ];

  it('is the longest between any two', () => {
    assert.equal(longestOf('camera', bots, 5000, all), 900);
  });

  it('leaves out pairs that do not count', () => {
    const notOfCarl = (_receiver: number, sender: number) => sender !== 2;
    assert.equal(longestOf('camera', bots, 5000, notOfCarl), 60);
  });

  it('is the whole window where nothing is known', () => {
    assert.equal(longestOf('microphone', bots, 5000, all), 5000);
    assert.equal(longestOf('camera', [...bots.slice(0, 2), { name: 'carl', gaps: undefined }], 5000, all), 5000);
    assert.equal(longestOf('camera', bots.slice(0, 1), 5000, all), 0);
  });
});
