import type { WorkerInfo } from '../media/fabric.ts';

export type Health = {
  /** May this server be given new calls? */
  ok: boolean;
  /** Why not, or what is worth a look although it still works. */
  reasons: string[];
  workers: { running: number; wanted: number };
};

/** One dead worker of several is a reason but no failure: calls go on on the others while it is replaced. */
export function healthOf({ draining, workers }: { draining: boolean; workers: readonly WorkerInfo[] }): Health {
  const running = workers.filter(({ state }) => state === 'running').length;
  const reasons = [
    ...(draining ? ['the server is stopping'] : []),
    ...(running === 0 ? ['no media worker is running'] : []),
    ...(running > 0 && running < workers.length
      ? [`${workers.length - running} of ${workers.length} media workers are down`]
      : []),
  ];
  return { ok: !draining && running > 0, reasons, workers: { running, wanted: workers.length } };
}
