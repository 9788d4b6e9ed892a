import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError } from '@potluck/kernel';
import { nextEvent, waitFor } from '@potluck/testkit';
import { killProcess, readProcess } from '../../packages/server/src/media/mediasoup/worker-process.ts';
import type { LocalFabric } from '../../packages/server/src/media/mediasoup/pool.ts';
import { freePorts } from '@potluck/testkit/ports';
import { openTransport, produceOn, roomId, testFabric } from './support.ts';

const pidOf = (fabric: LocalFabric, index = 0): number => {
  const pid = fabric.workers()[index]?.pid;
  assert.ok(pid);
  return pid;
};

const ended = (pid: number) => waitFor(async () => !(await readProcess(pid)), { what: `the end of process ${pid}` });

describe('MediaFabric with real workers', () => {
  it('runs as many workers as asked for and leaves none behind', async () => {
    const fabric = await testFabric({ workers: 2 });
    const pids = fabric.workers().map(({ pid }) => pid);
    assert.deepEqual(
      fabric.workers().map(({ index, state }) => [index, state]),
      [
        [0, 'running'],
        [1, 'running'],
      ],
    );
    await fabric.close();
    for (const pid of pids) assert.equal(await readProcess(pid ?? 0), undefined);
    assert.equal(fabric.counts().workers, 0);
  });

  it('leaves ending on a signal to the server', async () => {
    const before = process.listenerCount('SIGTERM');
    await using fabric = await testFabric();
    assert.equal(process.listenerCount('SIGTERM'), before);
    assert.equal(fabric.counts().workers, 1);
  });

  it('replaces a worker that died; the room goes on there', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const transportId = await openTransport(room);
    await produceOn(room, transportId);
    const pid = pidOf(fabric);
    const died = nextEvent(fabric.events, 'workerDied');
    const lost = nextEvent(room.events, 'transportLost');
    killProcess(pid);
    const [info] = await died;
    assert.deepEqual([info.state, info.pid], ['dead', pid]);
    assert.deepEqual(await lost, [{ transportId, reason: 'media worker died' }]);
    assert.deepEqual([room.closed, room.summary().transports, room.summary().producers], [false, 0, 0]);

    // Not waiting for the restart: the room does that.
    const again = await openTransport(room);
    await produceOn(room, again);
    assert.notEqual(pidOf(fabric), pid);
    assert.equal(fabric.counts().routers, 1);
  });

  it('rejects with unavailable what was asked of a worker that died meanwhile', async () => {
    await using fabric = await testFabric();
    const room = await fabric.openRoom(roomId);
    const transportId = await openTransport(room);
    process.kill(pidOf(fabric), 'SIGSTOP');
    const asked = produceOn(room, transportId);
    killProcess(pidOf(fabric));
    await assert.rejects(asked, (error) => error instanceof AppError && error.code === 'unavailable');
  });

  it('notices a worker that is stopped within two seconds', async () => {
    await using fabric = await testFabric();
    await fabric.openRoom(roomId);
    const pid = pidOf(fabric);
    const died = nextEvent(fabric.events, 'workerDied');
    const stoppedAt = performance.now();
    process.kill(pid, 'SIGSTOP');
    await died;
    const noticedAfter = performance.now() - stoppedAt;
    assert.ok(noticedAfter < 2000, `noticed after ${Math.round(noticedAfter)} ms`);
    await ended(pid);
  });

  it('ends a stopped worker too', async () => {
    const fabric = await testFabric();
    const pid = pidOf(fabric);
    process.kill(pid, 'SIGSTOP');
    await fabric.close();
    await ended(pid);
  });

  it('measures memory, and CPU as a share of one core', async () => {
    await using fabric = await testFabric({ measureEveryMs: 100 });
    const { memory, cpu } = await waitFor(() => fabric.workers().find((worker) => worker.memory > 0), {
      what: 'a measurement',
    });
    assert.ok(memory > 1_000_000 && cpu >= 0 && cpu <= 1);
  });

  it('says which port is taken and what to set', async () => {
    const port = await freePorts(1);
    const squatter = createServer().listen({ port, host: '127.0.0.1' });
    try {
      await assert.rejects(testFabric({ webRtcServerPort: port }), (error) => {
        assert.ok(error instanceof AppError);
        assert.match(error.message, new RegExp(`port ${port}.*taken.*webRtcServerPort`));
        return true;
      });
    } finally {
      squatter.close();
    }
  });

  it('says which program does not start', async () => {
    await assert.rejects(
      testFabric({ workerBin: '/nowhere/mediasoup-worker' }),
      /\/nowhere\/mediasoup-worker.*does not start/,
    );
  });

  it('changes what the workers log, and refuses what it does not know', async () => {
    await using fabric = await testFabric();
    await fabric.setWorkerLog({ logLevel: 'warn', logTags: ['ice', 'dtls'] });
    await assert.rejects(fabric.setWorkerLog({ logLevel: 'loud' }), /debug.*warn.*error.*none/);
  });

  it('opens transports without a WebRtcServer from the port range', async () => {
    await using fabric = await testFabric({ useWebRtcServer: false, rtcMinPort: 41_000, rtcMaxPort: 41_100 });
    const room = await fabric.openRoom(roomId);
    const { port } = await room.openPlainTransport({ rtcpMux: true, comedia: true });
    assert.ok(port >= 41_000 && port <= 41_100);
    await openTransport(room);
  });

  it('leaves no worker when the server itself is killed', async () => {
    const script = fileURLToPath(new URL('./orphan-main.ts', import.meta.url));
    const server = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => {
      server.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
    });
    assert.ok(await readProcess(pid));
    server.kill('SIGKILL');
    await ended(pid);
  });
});
