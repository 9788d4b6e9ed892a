/** Load clients against a real server and worker: what they say arrived did. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { waitFor } from '@potluck/testkit';
import { startServer } from '@potluck/testkit/server';
import { ServerApi } from '../../packages/server/src/cli/broadcast/server-api.ts';
import { ApiServerWatch } from '../../packages/server/src/cli/load/api-watch.ts';
import type { Crowd } from '../../packages/server/src/cli/load/crowd.ts';
import { readLoadOptions } from '../../packages/server/src/cli/load/options.ts';
import { runLoad } from '../../packages/server/src/cli/load/run.ts';

const program = resolve(import.meta.dirname, '../../packages/server/bin/potluck.mjs');
const never = new AbortController().signal;

function optionsOf(url: string, ...more: string[]) {
  const options = readLoadOptions(['--room', 'load', '--url', url, '--duration', '2s', '--bitrate', '300', ...more]);
  assert.ok(options);
  return options;
}

describe('load', () => {
  it('brings sound and pictures from each publisher to each subscriber, all of it authentic', async () => {
    await using server = await startServer({ media: { workers: 1 } });
    const report = await runLoad(optionsOf(server.http, '--publishers', '2', '--subscribers', '2'), { signal: never });
    assert.deepEqual(report.clients, { wanted: 4, joined: 4, failures: [] });
    assert.equal(report.pictures.streams, 4);
    assert.equal(report.join.firstFrame?.count, 2);
    assert.equal(report.join.firstSound?.count, 2);
    assert.ok(report.received.packets > 200, `${report.received.packets} packets came`);
    assert.equal(report.received.forged, 0);
    assert.ok(report.received.opened >= report.received.packets - report.received.recovered - 5);
    // The last word of each is on its way when its client is gone.
    await waitFor(() => server.app.registry.rooms.size === 0, { what: 'everybody to have left' });
  });

  it('receives no more pictures than there are tiles, and everybody both sends and receives', async () => {
    await using server = await startServer({ media: { workers: 1 } });
    let crowd: Crowd | undefined;
    let streams: number[] | undefined;
    const report = await runLoad(optionsOf(server.http, '--people', '4', '--tiles', '2'), {
      signal: never,
      onEntered: (entered) => (crowd = entered),
      // Near the server what others send goes first: who has just entered sends a moment later.
      onSample: () => (streams = crowd?.clients.map(({ senders }) => senders.length)),
    });
    assert.deepEqual(streams, [2, 2, 2, 2]);
    assert.equal(report.pictures.streams, 8);
    assert.ok((report.pictures.framesPerSecond?.median ?? 0) > 1);
  });

  it('is told by a server elsewhere what its workers use, if it has the key', async () => {
    const apiKey = 'a-key-of-more-than-32-characters-here';
    await using server = await startServer({ media: { workers: 2 }, access: { apiKey } });
    const api = (token: string) => new ServerApi({ server: new URL(server.http), insecure: true, token });
    const [told, refused] = [new ApiServerWatch(api(apiKey)), new ApiServerWatch(api('wrong'))];
    await Promise.all([told.first(), refused.first()]);
    for (const watch of [told, refused]) watch.close();
    const use = told.read();
    assert.ok(use.kind === 'known');
    assert.deepEqual(
      use.processes.map(({ name, memoryMiB }) => [name, memoryMiB > 1]),
      [
        ['worker 0', true],
        ['worker 1', true],
      ],
    );
    const unknown = refused.read();
    assert.ok(unknown.kind === 'unknown' && /the server says \(401\)/u.test(unknown.why), JSON.stringify(unknown));
  });

  it('ends with its report at Ctrl-C, which a launcher passes on beside the terminal', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'potluck-load-'));
    try {
      await using server = await startServer({ media: { workers: 1 } });
      const args = ['--room', 'x', '--url', server.http, '--people', '30', '--rate', '1', '--duration', '1h'];
      const child = spawn(process.execPath, [program, 'load', ...args, '--out', folder], { stdio: 'ignore' });
      const ended = once(child, 'exit');
      const inside = () => [...server.app.registry.rooms.values()].flatMap((room) => room.joined()).length;
      // The server knows of each before it does itself: with the third in, a second later, two have their answers.
      await waitFor(() => inside() >= 3, { what: 'three of them to be in', timeoutMs: 20_000 });
      child.kill('SIGINT');
      child.kill('SIGINT');
      assert.deepEqual(await ended, [0, null]);
      const text = await readFile(join(folder, 'report.json'), 'utf8');
      const { clients } = JSON.parse(text) as { clients: { wanted: number; joined: number } };
      assert.equal(clients.wanted, 30);
      assert.ok(clients.joined >= 2 && clients.joined < 30, `${clients.joined} are said to have been in`);
      assert.match(await readFile(join(folder, 'report.html'), 'utf8'), /^<!doctype html>/u);
      await waitFor(() => server.app.registry.rooms.size === 0, { what: 'everybody to have left' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('writes a page and JSON, and ends with 0; with 1 and a reason when nobody gets in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'potluck-load-'));
    const run = (...args: string[]) => promisify(execFile)(process.execPath, [program, 'load', ...args]);
    try {
      await using server = await startServer({ media: { workers: 1 } });
      const { stdout } = await run('--room', 'x', '--url', server.http, '--duration', '1s', '--out', folder);
      assert.match(stdout, /in the room +2 of 2/u);
      const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as { clients: { joined: number } };
      assert.equal(report.clients.joined, 2);
      assert.match(await readFile(join(folder, 'report.html'), 'utf8'), /^<!doctype html>/u);
      await assert.rejects(run('--room', 'x', '--url', 'http://localhost:1', '--duration', '1s', '--out', folder), {
        code: 1,
        stderr: /cannot reach http:\/\/localhost:1: nothing listens there/u,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
