import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock, settle } from '@potluck/testkit';
import { withTimeout } from './clock.ts';
import { Serial } from './serial.ts';
import { Tasks } from './tasks.ts';

describe('Serial', () => {
  it('runs one job at a time, in the order they came', async () => {
    const serial = new Serial();
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const job = (name: string) => async () => {
      log.push(`${name} begins`);
      await gate.promise;
      log.push(`${name} ends`);
      return name;
    };
    const all = Promise.all([serial.run(job('a')), serial.run(job('b'))]);
    await settle();
    assert.deepEqual(log, ['a begins']);
    assert.equal(serial.size, 2);
    gate.resolve();
    assert.deepEqual(await all, ['a', 'b']);
    assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends']);
    await settle();
    assert.equal(serial.size, 0);
  });

  it('goes on after a job that failed', async () => {
    const serial = new Serial();
    const failing = serial.run(() => {
      throw new Error('first');
    });
    const next = serial.run(() => 'second');
    await assert.rejects(failing, { message: 'first' });
    assert.equal(await next, 'second');
  });
});

describe('Tasks', () => {
  it('reports a failure under the name of its task, and keeps nothing', async () => {
    const reports: [string, unknown][] = [];
    const tasks = new Tasks((name, error) => reports.push([name, (error as Error).message]));
    tasks.spawn('good', Promise.resolve());
    tasks.spawn('bad', Promise.reject(new Error('boom')));
    assert.equal(tasks.size, 2);
    await tasks.idle();
    assert.deepEqual(reports, [['bad', 'boom']]);
    assert.equal(tasks.size, 0);
  });

  it('is idle only when also what was spawned meanwhile is done', async () => {
    const tasks = new Tasks(() => {});
    const second = Promise.withResolvers<void>();
    let idle = false;
    const first = Promise.resolve().then(() => tasks.spawn('second', second.promise));
    tasks.spawn('first', first);
    const waiting = tasks.idle().then(() => (idle = true));
    await settle();
    assert.equal(idle, false);
    second.resolve();
    await waiting;
  });
});

describe('withTimeout', () => {
  it('gives the result, and leaves no timer', async () => {
    const clock = new FakeClock();
    assert.equal(await withTimeout(Promise.resolve(5), 100, 'work', clock), 5);
    await settle();
    assert.equal(clock.waiting, 0);
  });

  it('gives the failure, and leaves no timer', async () => {
    const clock = new FakeClock();
    await assert.rejects(withTimeout(Promise.reject(new Error('broken')), 100, 'work', clock), { message: 'broken' });
    await settle();
    assert.equal(clock.waiting, 0);
  });

  it('rejects with timeout after the time, and says what took too long', async () => {
    const clock = new FakeClock();
    const waiting = withTimeout(new Promise(() => {}), 100, 'opening a room', clock);
    clock.advance(99);
    clock.advance(1);
    await assert.rejects(waiting, { code: 'timeout', message: 'opening a room took longer than 100 ms' });
  });
});
