import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { silentLog } from '@potluck/kernel';
import { listenForConsoles } from './listen.ts';
import { ensurePrivate, findSockets, socketFolders, socketPath } from './place.ts';

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('the place of the socket', () => {
  let root = '';
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'potluck-place-'));
  });
  after(() => rm(root, { recursive: true }));
  const listen = (folders: string[], port = 4443) =>
    listenForConsoles({ folders, port, onSocket: (socket) => socket.end() }, silentLog);

  it('is the runtime folder where there is one, then the data folder', () => {
    assert.deepEqual(socketFolders({ XDG_RUNTIME_DIR: '/run/user/1' }, '/d'), ['/run/user/1/potluck', '/d/console']);
    assert.deepEqual(socketFolders({ XDG_RUNTIME_DIR: 'relative' }, '/d'), ['/d/console']);
    assert.deepEqual(socketFolders({}, '/d'), ['/d/console']);
  });

  it('is a folder of mode 0700 and a socket of mode 0600, whatever the umask', async () => {
    const umask = process.umask(0);
    try {
      const folder = join(root, 'fresh');
      const { path, close } = await listen([folder]);
      assert.equal(path, join(folder, 'console-4443.sock'));
      assert.equal(await modeOf(folder), '700');
      assert.equal(await modeOf(path), '600');
      await close();
      await assert.rejects(stat(path), { code: 'ENOENT' });
    } finally {
      process.umask(umask);
    }
  });

  it('takes away what others may do in a folder of ours, and refuses a link', async () => {
    const open = join(root, 'open');
    await mkdir(open);
    await chmod(open, 0o777);
    await ensurePrivate(open);
    assert.equal(await modeOf(open), '700');
    const link = join(root, 'link');
    await symlink(open, link);
    await assert.rejects(ensurePrivate(link), /is no folder/);
  });

  it('replaces the socket of a dead server and spares that of a living one', async () => {
    const folder = join(root, 'stale');
    await ensurePrivate(folder);
    const usual = socketPath(folder, 4443);
    await writeFile(usual, '');
    const first = await listen([folder]);
    const second = await listen([folder]);
    assert.equal(first.path, usual);
    assert.equal(second.path, socketPath(folder, 4443, `-${process.pid}`));
    const other = await listen([folder], 5443);
    const found = await findSockets([folder, join(root, 'nowhere')]);
    assert.deepEqual(
      new Map(found.map(({ path, port }) => [path, port])),
      new Map([
        [first.path, 4443],
        [second.path, 4443],
        [other.path, 5443],
      ]),
    );
    await Promise.all([first, second, other].map(({ close }) => close()));
    assert.deepEqual(await findSockets([folder]), []);
  });

  it('goes to the next folder, and tells why none will do', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    const long = join(root, 'l'.repeat(100));
    const next = await listen([join(file, 'x'), long, join(root, 'next')]);
    assert.equal(next.path, join(root, 'next', 'console-4443.sock'));
    await next.close();
    await assert.rejects(listen([file, long]), /is no folder|EEXIST.*too long for a socket/s);
  });

  it('does not take a socket for ours that has another name', async () => {
    const folder = join(root, 'others');
    await ensurePrivate(folder);
    const server = createServer().listen(join(folder, 'bus.sock'));
    await once(server, 'listening');
    assert.deepEqual(await findSockets([folder]), []);
    server.close();
  });
});
