import type { types } from 'mediasoup';
import { systemClock, Tasks, type Logger } from '@potluck/kernel';
import { hangs, stoppedAfterMs } from './hanging.ts';
import { killProcess, readProcess } from './worker-process.ts';

const pingEveryMs = 500;

/** Asks a worker regularly for its load, and kills it when it does not answer: its death is then handled like any other. */
export class WorkerWatch {
  readonly #worker: types.Worker;
  readonly #measureEveryMs: number;
  readonly #log: Logger;
  readonly #tasks: Tasks;
  #cancel: () => void;
  #last: { at: number; cpuMs: number } | undefined;
  #cpu = 0;
  #memory = 0;
  /** When the question was asked that is not answered yet. */
  #waitingSince: number | undefined;
  /** What the worker had had of a processor when it answered last. */
  #cpuMsBefore = 0;
  #closed = false;

  constructor(worker: types.Worker, measureEveryMs: number, log: Logger) {
    this.#worker = worker;
    this.#measureEveryMs = measureEveryMs;
    this.#log = log;
    this.#tasks = new Tasks((name, error) => log.debug('background work failed', { task: name, error }));
    this.#cancel = this.#pingAfter(0);
  }

  /** Share of one core over the last measuring interval. */
  get cpu(): number {
    return this.#cpu;
  }

  /** Bytes. */
  get memory(): number {
    return this.#memory;
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #pingAfter(ms: number): () => void {
    return systemClock.after(ms, () => this.#tasks.spawn('ping worker', this.#ping()));
  }

  async #ping(): Promise<void> {
    const asked = systemClock.now();
    this.#cancel = systemClock.after(stoppedAfterMs, () => this.#tasks.spawn('suspect worker', this.#suspect(asked)));
    this.#waitingSince = asked;
    const usage = await this.#worker.getResourceUsage();
    this.#waitingSince = undefined;
    this.#cancel();
    if (this.#closed) return;
    await this.#measure(usage);
    this.#cancel = this.#closed ? () => {} : this.#pingAfter(pingEveryMs);
  }

  async #measure(usage: types.WorkerResourceUsage): Promise<void> {
    const at = systemClock.now();
    const cpuMs = (this.#cpuMsBefore = usage.ru_utime + usage.ru_stime);
    const last = this.#last;
    if (last && (this.#measureEveryMs === 0 || at - last.at < this.#measureEveryMs)) return;
    this.#last = { at, cpuMs };
    if (last && at > last.at) this.#cpu = Math.min(1, Math.max(0, (cpuMs - last.cpuMs) / (at - last.at)));
    // The engine knows only the peak, in KiB.
    this.#memory = (await readProcess(this.#worker.pid))?.memory ?? usage.ru_maxrss * 1024;
  }

  /** The deadline has passed. An answer that waits in our own queue, because we ourselves were held up, still counts. */
  async #suspect(asked: number): Promise<void> {
    const found = await readProcess(this.#worker.pid);
    await new Promise(setImmediate);
    if (this.#closed || this.#waitingSince !== asked) return;
    const silentMs = systemClock.now() - asked;
    const cpuMs = found && found.cpuMs - this.#cpuMsBefore;
    if (hangs({ silentMs, stopped: found?.stopped, cpuMs })) {
      this.#log.error('worker does not answer, killing it', {
        pid: this.#worker.pid,
        silentMs,
        stopped: found?.stopped,
        cpuMs,
      });
      killProcess(this.#worker.pid);
    } else {
      this.#cancel = systemClock.after(stoppedAfterMs / 2, () =>
        this.#tasks.spawn('suspect worker', this.#suspect(asked)),
      );
    }
  }
}
