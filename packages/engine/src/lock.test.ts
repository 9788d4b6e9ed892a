import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Stopped } from './errors.mjs';
import { withLock } from './lock.mjs';

describe('withLock', () => {
  function lockFile() {
    const folder = mkdtempSync(join(tmpdir(), 'potluck-lock-'));
    return { folder, file: join(folder, 'a.lock'), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
  }

  it('lets one in after the other', async () => {
    using lock = lockFile();
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 3 }, () =>
        withLock(lock.file, {}, async () => {
          most = Math.max(most, ++inside);
          await delay(20);
          inside--;
        }),
      ),
    );
    assert.equal(most, 1);
    assert.deepEqual(readdirSync(lock.folder), []);
  });

  it('is released when the work fails', async () => {
    using lock = lockFile();
    await assert.rejects(
      withLock(lock.file, {}, () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(existsSync(lock.file), false);
  });

  it('takes over from a process that has died', async () => {
    using lock = lockFile();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    writeFileSync(lock.file, `${child.pid} 1`);
    assert.equal(await withLock(lock.file, {}, () => Promise.resolve('mine')), 'mine');
  });

  it('takes over when the process id belongs to another process by now', async () => {
    using lock = lockFile();
    writeFileSync(lock.file, `${process.pid} 1`);
    assert.equal(await withLock(lock.file, {}, () => Promise.resolve('mine')), 'mine');
  });

  it('tells whom it waits for, and stops waiting when told to', async () => {
    using lock = lockFile();
    const stop = new AbortController();
    const waited: number[] = [];
    await withLock(lock.file, {}, async () => {
      const second = withLock(
        lock.file,
        {
          signal: stop.signal,
          onWait: (pid) => {
            waited.push(pid);
            stop.abort();
          },
        },
        () => Promise.resolve(),
      );
      await assert.rejects(second, Stopped);
    });
    assert.deepEqual(waited, [process.pid]);
  });
});
