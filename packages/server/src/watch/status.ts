import { systemClock, type Clock, type Logger } from '@potluck/kernel';
import type { WorkerInfo } from '../media/fabric.ts';

/** What the status line of a room says; facts are shown as they are named. */
export type RoomStatus = { readonly roomId: string; readonly peers: number; readonly [fact: string]: unknown };

export type StatusSources = {
  rooms: () => readonly RoomStatus[];
  workers: () => readonly WorkerInfo[];
  log: Logger;
  clock?: Clock;
};

/** Logs one line a room and one for the workers every `everyMs`. Returns what stops it. */
export function startStatusTimer(sources: StatusSources, everyMs: number): () => void {
  if (everyMs === 0) return () => {};
  const clock = sources.clock ?? systemClock;
  let cancel = clock.after(everyMs, tick);
  function tick(): void {
    logStatus(sources);
    cancel = clock.after(everyMs, tick);
  }
  return () => cancel();
}

function logStatus({ rooms, workers, log }: StatusSources): void {
  for (const status of rooms()) log.info('room status', status);
  const all = workers();
  const running = all.filter(({ state }) => state === 'running');
  const sum = (pick: (worker: WorkerInfo) => number) => running.reduce((total, worker) => total + pick(worker), 0);
  log.info('workers status', {
    running: `${running.length}/${all.length}`,
    cpuPercent: running.map(({ cpu }) => Math.round(cpu * 100)).join(','),
    memoryMB: running.map(({ memory }) => Math.round(memory / 1e6)).join(','),
    routers: sum(({ routers }) => routers),
    transports: sum(({ transports }) => transports),
    producers: sum(({ producers }) => producers),
    consumers: sum(({ consumers }) => consumers),
  });
}
