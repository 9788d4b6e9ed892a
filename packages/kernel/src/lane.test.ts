import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settle } from '@potluck/testkit';
import { Lane } from './lane.ts';

describe('Lane', () => {
  it('lets only so many in at once, in order, whether they succeed or not', async () => {
    const lane = new Lane(2);
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    const begun: number[] = [];
    const done = gates.map(({ promise }, index) =>
      lane.run(() => {
        begun.push(index);
        return promise;
      }),
    );
    const outcomes = Promise.allSettled(done);
    await settle();
    assert.deepEqual(begun, [0, 1]);
    gates[1]?.reject(new Error('refused'));
    await settle();
    assert.deepEqual(begun, [0, 1, 2]);
    for (const gate of gates) gate.resolve();
    await outcomes;
    assert.deepEqual(begun, [0, 1, 2, 3, 4]);
    assert.equal(await lane.run(async () => 'again'), 'again');
  });

  it('lets in by weight, nobody past who came first, and what is too heavy alone', async () => {
    const lane = new Lane(10);
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    const weights = [6, 6, 3, 20, 1];
    const begun: number[] = [];
    const done = gates.map(({ promise }, index) =>
      lane.run(() => {
        begun.push(index);
        return promise;
      }, weights[index]),
    );
    await settle();
    assert.deepEqual(begun, [0]);
    gates[0]?.resolve();
    await settle();
    assert.deepEqual(begun, [0, 1, 2]);
    gates[1]?.resolve();
    await settle();
    assert.deepEqual(begun, [0, 1, 2]);
    gates[2]?.resolve();
    await settle();
    assert.deepEqual(begun, [0, 1, 2, 3]);
    for (const gate of gates) gate.resolve();
    await Promise.all(done);
    assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  });
});
