import { messageOf, Tasks } from '@potluck/kernel';
import type { z } from 'zod';
import { adminRoutes } from '../../edge/admin/routes.ts';
import type { ServerApi } from '../broadcast/server-api.ts';
import type { ProcessUse, ServerUse, ServerWatch } from './server-watch.ts';

const everyMs = 1_000;
const { path, answer } = adminRoutes.listWorkers;
type Worker = z.output<typeof answer.schema>['workers'][number];

/** What a server elsewhere says of its workers over its HTTP API: their share of a core now and then, added up. */
export class ApiServerWatch implements ServerWatch {
  readonly #api: ServerApi;
  readonly #tasks = new Tasks((_, error) => this.#failed(error));
  readonly #timer: NodeJS.Timeout;
  #use: ServerUse = { kind: 'unknown', why: 'it has not answered yet' };
  #readAt = performance.now();

  /** `api` shows the key of the API. */
  constructor(api: ServerApi) {
    this.#api = api;
    this.#timer = setInterval(() => this.#poll(), everyMs);
    this.#poll();
  }

  read(): ServerUse {
    return this.#use;
  }

  /** Resolves when it has been read, or cannot be. */
  first(): Promise<void> {
    return this.#tasks.idle();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #poll(): void {
    if (this.#tasks.size > 0) return;
    this.#tasks.spawn(
      'read workers',
      this.#api.read(path, answer.schema).then(({ workers }) => this.#add(workers)),
    );
  }

  #add(workers: readonly Worker[]): void {
    const now = performance.now();
    const seconds = (now - this.#readAt) / 1000;
    this.#readAt = now;
    const before = this.#use.kind === 'known' ? this.#use.processes : [];
    const processes = workers.map(({ index, pid, cpu, memory }): ProcessUse => {
      const name = `worker ${index}`;
      const cpuSeconds = (before.find((one) => one.name === name)?.cpuSeconds ?? 0) + cpu * seconds;
      return { name, pid: pid ?? index, cpuSeconds, memoryMiB: Math.round(memory / 2 ** 20) };
    });
    this.#use = { kind: 'known', processes };
  }

  #failed(error: unknown): void {
    if (this.#use.kind === 'known') return;
    this.#use = { kind: 'unknown', why: messageOf(error) };
  }
}
