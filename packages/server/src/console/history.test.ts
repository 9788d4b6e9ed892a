import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Tasks } from '@potluck/kernel';
import { openHistory } from './history.ts';

describe('History', () => {
  let root = '';
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'potluck-history-'));
  });
  after(() => rm(root, { recursive: true }));
  const failures: unknown[] = [];
  const tasks = new Tasks((_, error) => failures.push(error));

  it('comes back newest first, each line once, from a file that only its owner reads', async () => {
    const file = join(root, 'a');
    const history = await openHistory(file, tasks);
    for (const line of ['rooms', '  ', 'dr ', 'dr', 'rooms']) history.add(line);
    await tasks.idle();
    assert.deepEqual((await openHistory(file, tasks)).newestFirst, ['rooms', 'dr']);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('does not grow for ever', async () => {
    const file = join(root, 'b');
    await writeFile(file, Array.from({ length: 1_200 }, (_, index) => `dr ${index}\n`).join(''), { mode: 0o644 });
    assert.equal((await openHistory(file, tasks)).newestFirst.length, 500);
    const kept = (await readFile(file, 'utf8')).trim().split('\n');
    assert.deepEqual([kept.length, kept.at(-1)], [500, 'dr 1199']);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('stands back where it cannot be read or written', async () => {
    const history = await openHistory(join(root, 'no', 'such', 'folder'), tasks);
    history.add('rooms');
    await tasks.idle();
    assert.deepEqual(history.newestFirst, ['rooms']);
    assert.equal(failures.length, 1);
  });
});
