import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Logger } from '@potluck/kernel';
import { FakeClock, fakeWorker } from '@potluck/testkit';
import { healthOf } from './health.ts';
import { startStatusTimer } from './status.ts';

describe('startStatusTimer', () => {
  const started = (everyMs: number) => {
    const clock = new FakeClock();
    const lines: string[] = [];
    const log = new Logger(
      { enabled: () => true, write: ({ message, facts }) => lines.push(`${message} ${JSON.stringify(facts)}`) },
      '',
    );
    const workers = () => [fakeWorker(0, { cpu: 0.256, routers: 2 }), fakeWorker(1, { state: 'dead', cpu: 1 })];
    const stop = startStatusTimer({ rooms: () => [{ roomId: 'r', peers: 2 }], workers, log, clock }, everyMs);
    return { clock, lines, stop };
  };

  it('logs one line a room and one for the workers, again and again', () => {
    const { clock, lines, stop } = started(30_000);
    clock.advance(60_000);
    assert.equal(lines.length, 4);
    assert.equal(lines[0], 'room status {"roomId":"r","peers":2}');
    assert.match(lines[1] ?? '', /^workers status \{"running":"1\/2","cpuPercent":"26","memoryMB":"30","routers":2,/u);
    stop();
    assert.equal(clock.waiting, 0);
  });

  it('is off at 0', () => {
    assert.equal(started(0).clock.waiting, 0);
  });
});

describe('healthOf', () => {
  it('fails while draining and without any worker, and mentions a dead one', () => {
    const dead = fakeWorker(1, { state: 'dead' });
    assert.deepEqual(healthOf({ draining: false, workers: [fakeWorker(0)] }).reasons, []);
    assert.deepEqual(healthOf({ draining: false, workers: [fakeWorker(0), dead] }), {
      ok: true,
      reasons: ['1 of 2 media workers are down'],
      workers: { running: 1, wanted: 2 },
    });
    assert.equal(healthOf({ draining: false, workers: [dead] }).ok, false);
    assert.equal(healthOf({ draining: true, workers: [fakeWorker(0)] }).ok, false);
  });
});
