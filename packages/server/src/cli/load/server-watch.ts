import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isLoopbackHost } from '../../edge/address.ts';

export type ProcessUse = {
  readonly name: string;
  readonly pid: number;
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
};
export type ServerUse =
  | { readonly kind: 'known'; readonly processes: readonly ProcessUse[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** Knows what a server has cost so far. */
export type ServerWatch = { read(): ServerUse; close(): void };

/** The kernel counts time of processes in these. */
const ticksPerSecond = 100;

/** What the server of this URL costs, if it runs on this machine and the kernel tells us (Linux, same user or root). */
export class LocalServerWatch implements ServerWatch {
  readonly #pid: number | undefined;
  readonly #why: string;

  constructor(url: URL) {
    const found = isLoopbackHost(url.hostname) ? listenerOf(portOf(url)) : 'it is not on this machine';
    this.#pid = typeof found === 'number' ? found : undefined;
    this.#why = typeof found === 'number' ? 'it has ended' : found;
  }

  close(): void {}

  read(): ServerUse {
    if (this.#pid === undefined) return { kind: 'unknown', why: this.#why };
    try {
      const pid = this.#pid;
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
      const workers = children.map(Number).filter((child) => nameOf(child).startsWith('mediasoup-work'));
      const uses = workers.map((worker, index) => useOf(`worker ${index}`, worker));
      return { kind: 'known', processes: [useOf('server (Node)', pid), ...uses] };
    } catch {
      return { kind: 'unknown', why: 'its process could not be read' };
    }
  }
}

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);

/** The process that listens on a TCP port, or in words why it is not known. */
function listenerOf(port: number): number | string {
  try {
    const inode = ['tcp', 'tcp6'].map((table) => inodeIn(`/proc/net/${table}`, port)).find(Boolean);
    if (inode === undefined) return 'nothing on this machine listens on that port';
    const pid = readdirSync('/proc')
      .filter((name) => /^\d+$/u.test(name))
      .find((name) => holds(name, `socket:[${inode}]`));
    return pid === undefined ? 'it runs as another user' : Number(pid);
  } catch {
    return 'this system has no /proc';
  }
}

/** proc_net_tcp(5): local address, state 0A (listening), inode. */
function inodeIn(table: string, port: number): string | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const fields = readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/u));
  return fields.find((line) => line[1]?.endsWith(suffix) === true && line[3] === '0A')?.[9];
}

function holds(pid: string, socket: string): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((fd) => linkOf(`${folder}/${fd}`) === socket);
  } catch {
    return false;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

const nameOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();

/** proc_pid_stat(5): user and system time are fields 14 and 15; the name before them may hold spaces. */
function useOf(name: string, pid: number): ProcessUse {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /u, '')
    .split(' ');
  const memory = /VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    name,
    pid,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    memoryMiB: Math.round(Number(memory) / 1024),
  };
}
