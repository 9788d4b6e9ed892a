import { readFile } from 'node:fs/promises';
import { systemCodeOf } from '@potluck/kernel';

/** What Linux tells of a process without asking it. `undefined` elsewhere, and for a process that has ended. */
export async function readProcess(
  pid: number,
): Promise<{ stopped: boolean; memory: number; cpuMs: number } | undefined> {
  try {
    const [stat, statm] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/statm`, 'utf8'),
    ]);
    // The name stands in parentheses and may hold anything, so what follows is found from the end (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    // A zombie has ended; only nobody has asked for its exit code yet.
    if (state === 'Z') return undefined;
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { stopped: state === 'T', memory: Number(statm.split(' ')[1]) * pageSize, cpuMs: ticks * tickMs };
  } catch {
    return undefined;
  }
}

const pageSize = 4096;
const tickMs = 10;

/** SIGKILL also ends a stopped process. One that is already gone is fine. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (systemCodeOf(error) !== 'ESRCH') throw error;
  }
}
