import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { choosePlacement, type WorkerLoad } from './placement.ts';

const worker = (index: number, changes: Partial<WorkerLoad> = {}): WorkerLoad => ({
  index,
  cpu: 0,
  transports: 0,
  consumers: 0,
  ...changes,
});

describe('choosePlacement', () => {
  it('knows no place without a worker', () => {
    assert.equal(choosePlacement({ workers: [], room: [] }), undefined);
  });

  it('puts a new room on the least loaded worker', () => {
    const workers = [worker(0, { cpu: 0.3 }), worker(1, { cpu: 0.1 }), worker(2, { cpu: 0.2 })];
    assert.equal(choosePlacement({ workers, room: [] }), 1);
  });

  it('lets what workers hold decide where their CPU is alike', () => {
    const workers = [worker(0, { cpu: 0.011, transports: 4 }), worker(1, { cpu: 0.019 })];
    assert.equal(choosePlacement({ workers, room: [] }), 1);
  });

  it('keeps a room together while its worker has room', () => {
    const workers = [worker(0, { cpu: 0.55 }), worker(1)];
    assert.equal(choosePlacement({ workers, room: [{ worker: 0, transports: 149 }] }), 0);
  });

  it('spreads a room whose worker is busy, if another is clearly less so', () => {
    const room = [{ worker: 0, transports: 10 }];
    assert.equal(choosePlacement({ workers: [worker(0, { cpu: 0.7 }), worker(1, { cpu: 0.2 })], room }), 1);
    assert.equal(choosePlacement({ workers: [worker(0, { cpu: 0.7 }), worker(1, { cpu: 0.65 })], room }), 0);
  });

  it('fills the routers of a room that has spread by what is on them, while neither is busy', () => {
    const room = [
      { worker: 0, transports: 180 },
      { worker: 1, transports: 170 },
    ];
    assert.equal(choosePlacement({ workers: [worker(0, { cpu: 0.2 }), worker(1, { cpu: 0.4 })], room }), 1);
    assert.equal(choosePlacement({ workers: [worker(0, { cpu: 0.1 }), worker(1, { cpu: 0.5 })], room }), 0);
    assert.equal(choosePlacement({ workers: [worker(0, { cpu: 0.6 }), worker(1, { cpu: 0.7 })], room }), 0);
  });

  it('spreads before 200 receivers share a router', () => {
    const workers = [worker(0, { cpu: 0.1 }), worker(1, { cpu: 0.1 })];
    assert.equal(choosePlacement({ workers, room: [{ worker: 0, transports: 151 }] }), 1);
  });

  it('fills the routers of a big room evenly', () => {
    const transports = [0, 0, 0];
    const workers = [0, 1, 2].map((index) => worker(index));
    for (let i = 0; i < 900; i += 1) {
      const room = transports.flatMap((count, index) => (count > 0 ? [{ worker: index, transports: count }] : []));
      const chosen = choosePlacement({ workers, room });
      assert.ok(chosen !== undefined);
      transports[chosen] = (transports[chosen] ?? 0) + 1;
    }
    assert.deepEqual(transports, [300, 300, 300]);
  });

  it('goes near a transport, and away from one where it can', () => {
    const workers = [worker(0, { cpu: 0.9 }), worker(1)];
    assert.equal(choosePlacement({ workers, room: [], near: 0 }), 0);
    assert.equal(choosePlacement({ workers, room: [{ worker: 1, transports: 2 }], awayFrom: 1 }), 0);
    assert.equal(choosePlacement({ workers: [worker(1)], room: [], awayFrom: 1 }), 1);
    assert.equal(choosePlacement({ workers: [worker(1)], room: [], near: 0 }), 1);
  });
});
