import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock, settle } from '@potluck/testkit';
import { Lane } from './lane.ts';

describe('Lane', () => {
  it('lets only so many in at once, in order, whether they succeed or not', async () => {
    const lane = new Lane(2, 1_000, new FakeClock());
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
    const lane = new Lane(10, 1_000, new FakeClock());
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

  it('gives the place of what hangs to the next one, once', async () => {
    const clock = new FakeClock();
    const lane = new Lane(1, 1_000, clock);
    const hanging = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const begun: string[] = [];
    const enter = (name: string, until: Promise<void>) =>
      lane.run(() => {
        begun.push(name);
        return until;
      });
    const all = [
      enter('hanging', hanging.promise),
      enter('second', second.promise),
      enter('third', Promise.resolve()),
    ] as const;
    clock.advance(999);
    await settle();
    assert.deepEqual(begun, ['hanging']);
    clock.advance(1);
    await settle();
    assert.deepEqual(begun, ['hanging', 'second']);
    // It has no place any more that it could give back.
    hanging.resolve();
    await all[0];
    assert.deepEqual(begun, ['hanging', 'second']);
    second.resolve();
    await Promise.all(all);
    assert.deepEqual([begun, clock.waiting], [['hanging', 'second', 'third'], 0]);
  });
});
