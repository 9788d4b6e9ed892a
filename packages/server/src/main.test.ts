import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { locateWorker } from '@potluck/engine';
import { waitFor } from '@potluck/testkit';
import { WebSocket } from 'ws';
import { z } from 'zod';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const Line = z.object({ message: z.string(), pid: z.int().optional(), local: z.string().optional() });

class Server {
  readonly child: ChildProcess;
  output = '';
  errors = '';

  constructor(folder: string, args: string[]) {
    const { DEBUG: _debug, ...env } = process.env;
    const own = [
      '--port',
      '0',
      '--http-port',
      '0',
      '--workers',
      '2',
      '--no-use-webrtc-server',
      '--data-folder',
      folder,
    ];
    this.child = spawn(process.execPath, [program, ...own, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (chunk) => (this.output += String(chunk)));
    this.child.stderr?.on('data', (chunk) => (this.errors += String(chunk)));
  }

  get lines() {
    return this.output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Line.parse(JSON.parse(line)));
  }

  async opened(): Promise<{ local: string; workers: number[] }> {
    const what = () => `the server to open; it said: ${this.output}${this.errors}`;
    const local = await waitFor(() => this.lines.find(({ message }) => message === 'open for calls')?.local, { what });
    return { local, workers: this.lines.flatMap(({ pid }) => pid ?? []) };
  }

  async exit(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return { code: this.child.exitCode, signal: this.child.signalCode };
  }
}

const connectTo = async (local: string) => {
  const socket = new WebSocket(`${local.replace('http:', 'ws:')}?roomId=r&peerId=p`, 'protoo');
  await once(socket, 'message');
  return socket;
};

const gone = (pids: number[]) =>
  waitFor(() => pids.every((pid) => !existsSync(`/proc/${pid}`)), { what: `the processes ${pids.join(', ')} to end` });

describe('the server process', { skip: locateWorker() === undefined && 'no media worker has been built' }, () => {
  let folder = '';
  const servers: Server[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'potluck-main-'));
  });
  after(async () => {
    for (const { child } of servers) child.kill('SIGKILL');
    await Promise.all(servers.map((server) => server.exit()));
    await rm(folder, { recursive: true });
  });
  const start = (...args: string[]) => {
    const server = new Server(folder, args);
    servers.push(server);
    return server;
  };

  it('says in order what it does, tells clients when it stops, and leaves nobody behind', async () => {
    const server = start();
    const { local, workers } = await server.opened();
    assert.deepEqual(
      server.lines.map(({ message }) => message).filter((message) => !message.includes('certificate')),
      [
        'Potluck 0.1.0',
        'secret of access tokens made',
        'key of the HTTP API made',
        'worker started',
        'worker started',
        'Express app ready',
        'HTTPS server listening',
        'HTTP server listening, for this machine only',
        'WebSocket server ready',
        'status timer started',
        'access',
        'open for calls',
      ],
    );
    const pid = server.child.pid ?? 0;
    // The name of the process follows the line that it is open.
    await waitFor(async () => /^potluck: \d+, 2 workers/u.test(await readFile(`/proc/${pid}/cmdline`, 'utf8')), {
      what: 'the name of the process',
    });
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    assert.deepEqual(new Set(children.trim().split(' ').map(Number)), new Set(workers));

    const socket = await connectTo(local);
    const closed = once(socket, 'close');
    const asked = performance.now();
    server.child.kill('SIGTERM');
    assert.equal((await closed)[0], 1012);
    assert.deepEqual(await server.exit(), { code: 0, signal: null });
    assert.ok(performance.now() - asked < 5_000);
    await gone(workers);
    assert.equal(server.errors, '');
  });

  it('leaves no worker when it is killed', async () => {
    const server = start();
    const { workers } = await server.opened();
    assert.equal(workers.length, 2);
    server.child.kill('SIGKILL');
    await gone(workers);
  });

  it('exits at once with 130 on a second Ctrl-C, and waits at most its deadline on the first', async () => {
    const server = start();
    const { local, workers } = await server.opened();
    const socket = await connectTo(local);
    // It never answers the goodbye.
    socket.pause();
    server.child.kill('SIGINT');
    await waitFor(() => server.lines.some(({ message }) => message === 'stopping'), { what: 'the first to arrive' });
    const since = performance.now();
    // Sent again and again: only one that comes later than the first by a moment counts.
    const exit = server.exit();
    await waitFor(() => !server.child.kill('SIGINT') || server.child.exitCode !== null, {
      what: 'the end',
      everyMs: 100,
    });
    assert.deepEqual(await exit, { code: 130, signal: null });
    assert.ok(performance.now() - since < 1_900);
    await gone(workers);
    socket.terminate();
  });

  it('replaces no worker while it says goodbye: Ctrl-C in a terminal reaches them too', async () => {
    const server = start();
    const { local, workers } = await server.opened();
    const socket = await connectTo(local);
    const closed = once(socket, 'close');
    server.child.kill('SIGINT');
    for (const pid of workers) process.kill(pid, 'SIGINT');
    assert.equal((await closed)[0], 1012);
    assert.deepEqual(await server.exit(), { code: 0, signal: null });
    assert.deepEqual(
      server.lines
        .map(({ message }) => message)
        .filter((message) => ['worker died', 'worker started'].includes(message)),
      ['worker started', 'worker started'],
    );
  });

  it('stops in order even with a client that does not answer', async () => {
    const server = start();
    const { local } = await server.opened();
    const socket = await connectTo(local);
    socket.pause();
    server.child.kill('SIGINT');
    assert.deepEqual(await server.exit(), { code: 0, signal: null });
    socket.terminate();
  });

  it('exits with 1 and one sentence when a port is taken', async () => {
    const blocker = createServer().listen(0);
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    const server = start('--port', String(port));
    assert.equal((await server.exit()).code, 1);
    assert.equal(
      server.errors,
      `Potluck did not start: Port ${port} for HTTPS is already in use by another program; stop that one or choose another port with --port or POTLUCK_PORT (or PROTOO_LISTEN_PORT).\n`,
    );
    await gone(server.lines.flatMap(({ pid }) => pid ?? []));
    blocker.close();
  });

  it('exits with 2 and all problems when the configuration is wrong', async () => {
    const server = start('--workers', '0', '--prot', '1');
    assert.equal((await server.exit()).code, 2);
    assert.match(server.errors, /2 problems/u);
    assert.equal(server.output, '');
  });

  it('answers --help, --version and --print-config without starting', async () => {
    for (const [args, expected] of [
      [['--help'], /Usage: potluck/u],
      [['start', '--version'], /^0\.1\.0\n$/u],
      [['--print-config'], /media\.workers +2 {2}\(flag --workers\)/u],
    ] as const) {
      const asked = args[0] === 'start' ? spawn(process.execPath, [program, ...args]) : start(...args).child;
      let output = '';
      asked.stdout?.on('data', (chunk) => (output += String(chunk)));
      const [code] = await once(asked, 'close');
      assert.equal(code, 0);
      assert.match(output, expected);
    }
  });
});
