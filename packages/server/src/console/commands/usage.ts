import { messageOf } from '@potluck/kernel';
import pidusage from 'pidusage';
import type { Command } from '../command.ts';
import { outcomeOf, sections } from '../result.ts';

export const usage: Command = {
  name: 'usage',
  alias: 'u',
  group: 'Server',
  params: [],
  summary: 'CPU and memory of the server and of each worker (pidusage)',
  run: async ({ deps: { fabric } }) => {
    const workers = fabric.workers().flatMap(({ index, pid }) => (pid === undefined ? [] : [{ index, pid }]));
    const processes = [
      { title: 'Node.js process', pid: process.pid },
      ...workers.map(({ index, pid }) => ({ title: `worker ${index}`, pid })),
    ];
    const measured = await Promise.all(
      processes.map(async ({ title, pid }) => ({ title: `${title} [pid:${pid}]`, value: await measure(pid) })),
    );
    return outcomeOf({ parts: sections(measured), data: measured.map(({ value }) => value) });
  },
};

/** A process that has just ended is no reason to tell nothing of the others. */
async function measure(pid: number): Promise<object> {
  try {
    return await pidusage(pid);
  } catch (error) {
    return { pid, error: messageOf(error) };
  }
}
