import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { silentLog } from '@potluck/kernel';
import { freePorts } from '@potluck/testkit/ports';
import { ownNames, selfSigned } from '../../packages/server/src/edge/certificate.ts';

/** A server as a process of its own, so that its cost can be told from that of the clients. Linux only: reads /proc. */
export type ServerProcess = AsyncDisposable & {
  readonly ws: string;
  readonly http: string;
  /** The first UDP port of the media workers; each has one. */
  readonly mediaPort: number;
  readonly pids: { readonly node: number; readonly workers: readonly number[] };
  /** CPU seconds so far, user and system: of Node, and of all workers together. */
  cpu(): { node: number; workers: number };
  /** The same, of each worker. */
  cpuOfWorkers(): number[];
  /** The most resident memory that Node has had, in MiB. */
  peakMemory(): number;
  memory(): number;
  workerMemory(): number;
};

const program = resolve(import.meta.dirname, '../../packages/server/bin/potluck.mjs');
const ticksPerSecond = 100;

export async function startProcess(args: string[] = []): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'potluck-bench-'));
  const port = await freePorts(4);
  const own = ['--port', String(port), '--http-port', String(port + 1), '--webrtc-server-port', String(port + 2)];
  // As at every start but the first, which loads what makes certificates.
  await selfSigned(folder, ownNames([]), silentLog);
  const child = spawn(
    process.execPath,
    [program, 'start', ...own, '--data-folder', folder, '--no-interactive', ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, LOG_FORMAT: 'json' },
    },
  );
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve) => {
    lines.on('close', resolve);
    lines.on('line', (line) => {
      if (line.includes('open for calls')) resolve();
      // A worker that dies spoils what is measured: whoever reads the failure should know.
      if (line.includes('"level":"error"')) process.stderr.write(`server: ${line}\n`);
    });
  });
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null) throw new Error('the server did not start');
  const workers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return {
    ws: `ws://localhost:${port + 1}/`,
    http: `http://localhost:${port + 1}`,
    mediaPort: port + 2,
    pids: { node: pid, workers: workers.map(Number) },
    cpu: () => ({ node: cpuOf(String(pid)), workers: workers.reduce((sum, id) => sum + cpuOf(id), 0) }),
    cpuOfWorkers: () => workers.map(cpuOf),
    peakMemory: () => memoryOf(pid, 'VmHWM'),
    memory: () => memoryOf(pid, 'VmRSS'),
    workerMemory: () => workers.reduce((sum, id) => sum + memoryOf(Number(id), 'VmRSS'), 0),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

function cpuOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function memoryOf(pid: number, name: string): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${name}:\\s+(\\d+) kB`));
  return Math.round(Number(line?.[1]) / 1024);
}
