import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError, Tasks } from '@potluck/kernel';
import { Valve } from './valve.ts';

function open(fails?: Error) {
  const turned: string[] = [];
  const failures: unknown[] = [];
  const turn = async (way: string) => {
    turned.push(way);
    if (fails) throw fails;
  };
  const tasks = new Tasks((_, error) => failures.push(error));
  return {
    valve: new Valve({ pause: () => turn('pause'), resume: () => turn('resume') }, tasks),
    turned,
    tasks,
    failures,
  };
}

describe('Valve', () => {
  it('opens with the first who needs it and closes with the last', () => {
    const { valve, turned } = open();
    assert.equal(valve.open, false);
    valve.need();
    valve.need();
    valve.release();
    assert.deepEqual([turned, valve.open], [['resume'], true]);
    valve.release();
    assert.deepEqual([turned, valve.open], [['resume', 'pause'], false]);
  });

  it('takes what has ended meanwhile for turned', async () => {
    const ended = open(new AppError('not_found', 'it is no longer there'));
    ended.valve.need();
    const broken = open(new AppError('internal', 'something else'));
    broken.valve.need();
    await Promise.all([ended.tasks.idle(), broken.tasks.idle()]);
    assert.deepEqual([ended.failures.length, broken.failures.length], [0, 1]);
  });
});
