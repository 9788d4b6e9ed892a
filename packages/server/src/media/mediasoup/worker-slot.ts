import { version } from 'mediasoup';
import type { types } from 'mediasoup';
import { assertNever, backoffDelay, Emitter, messageOf, systemClock, Tasks, type Logger } from '@potluck/kernel';
import type { WorkerInfo, WorkerLog } from '../fabric.ts';
import type { MediaSettings } from '../settings.ts';
import type { RouterNode } from './router-node.ts';
import { endWorker, readWorkerLog, spawnWorker } from './spawn-worker.ts';
import { WorkerWatch } from './worker-watch.ts';

type SlotState =
  | { kind: 'starting' }
  | { kind: 'running'; worker: types.Worker; server: types.WebRtcServer | undefined; watch: WorkerWatch; since: number }
  | { kind: 'dead'; cancelRestart: () => void }
  | { kind: 'closed' };

/** A worker that lived this long was healthy: its successor starts at once. */
const healthyAfterMs = 10_000;
/** A worker that ended in order this long before the server stops was ended with it. */
const retireWithinMs = 200;
const restartBackoff = { firstMs: 250, maxMs: 10_000 };
/** Starts that may fail in a row before the slot is given up. */
const maxFailedStarts = 8;

/** A place for one worker: starts it, watches it, replaces it when it dies. */
export class WorkerSlot {
  readonly index: number;
  /** `died` comes when the process is gone, `started` when its successor runs. */
  readonly events = new Emitter<{ started: []; died: [info: WorkerInfo] }>();
  /** Routers of rooms on the worker that runs now. */
  readonly nodes = new Set<RouterNode>();
  /** Nothing new comes here. */
  draining = false;
  readonly #settings: MediaSettings;
  readonly #log: Logger;
  readonly #tasks: Tasks;
  #workerLog: WorkerLog;
  #state: SlotState = { kind: 'closed' };
  #retired = false;
  #quickDeaths = 0;
  #failedStarts = 0;

  constructor(index: number, settings: MediaSettings, log: Logger) {
    this.index = index;
    this.#settings = settings;
    this.#workerLog = settings.log;
    this.#log = log.child('worker', { index });
    this.#tasks = new Tasks((name, error) => this.#log.warn('background work failed', { task: name, error }));
  }

  get running(): { worker: types.Worker; server: types.WebRtcServer | undefined } | undefined {
    return this.#state.kind === 'running' ? this.#state : undefined;
  }

  /** Nothing more will come: it could not be started again and again. */
  get givenUp(): boolean {
    return this.#failedStarts >= maxFailedStarts;
  }

  /** The first start. Rejects with a readable error. */
  async start(): Promise<void> {
    this.#state = { kind: 'starting' };
    await this.#spawn();
  }

  /** Writes the line that a start or restart leaves in the log. */
  announce(): void {
    const port = this.#settings.useWebRtcServer ? this.#settings.webRtcServerPort + this.index : undefined;
    this.#log.info('worker started', { pid: this.running?.worker.pid, version, port });
  }

  info(): WorkerInfo {
    const state = this.#state;
    const running = state.kind === 'running' ? state : undefined;
    const sum = (count: (node: RouterNode) => number) =>
      [...this.nodes].reduce((total, node) => total + count(node), 0);
    return {
      index: this.index,
      state: infoState(state),
      draining: this.draining,
      pid: running?.worker.pid,
      version,
      routers: this.nodes.size,
      transports: sum((node) => node.transports),
      standbys: sum((node) => node.standbys),
      producers: sum((node) => node.producers),
      consumers: sum((node) => node.consumers),
      cpu: running?.watch.cpu ?? 0,
      memory: running?.watch.memory ?? 0,
    };
  }

  async setLog(settings: WorkerLog): Promise<void> {
    const read = readWorkerLog(settings);
    this.#workerLog = { ...this.#workerLog, ...read };
    await this.running?.worker.updateSettings(read);
  }

  /** From now on an end of the process is no death: it is not replaced, and nobody is told. */
  retire(): void {
    this.#retired = true;
  }

  /** Resolves when the process is gone. */
  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind === 'dead') state.cancelRestart();
    if (state.kind === 'running') {
      state.watch.close();
      await endWorker(state.worker);
    }
    await this.#tasks.idle();
  }

  async #spawn(): Promise<void> {
    const log = this.#workerLog;
    const { worker, server } = await spawnWorker(this.index, this.#settings, log);
    if (this.#state.kind !== 'starting') return endWorker(worker);
    if (this.#workerLog !== log)
      this.#tasks.spawn('set worker log', worker.updateSettings(readWorkerLog(this.#workerLog)));
    const watch = new WorkerWatch(worker, this.#settings.measureEveryMs, this.#log);
    this.#state = { kind: 'running', worker, server, watch, since: systemClock.now() };
    this.#failedStarts = 0;
    worker.on('died', (error) => {
      // It was asked to end. Ctrl-C asks the server at the same time, but may be heard there a moment later.
      const asked = /\bcode:0\b/.test(error.message);
      if (asked) systemClock.after(retireWithinMs, () => this.#onDied(worker, error));
      else this.#onDied(worker, error);
    });
  }

  #onDied(worker: types.Worker, error: Error): void {
    const state = this.#state;
    if (state.kind !== 'running' || state.worker !== worker) return;
    state.watch.close();
    if (this.#retired) {
      this.#state = { kind: 'closed' };
      this.#log.info('worker ended', { pid: worker.pid });
      return;
    }
    this.#log.error('worker died', { pid: worker.pid, reason: error.message, routers: this.nodes.size });
    const lived = systemClock.now() - state.since;
    this.#quickDeaths = lived >= healthyAfterMs ? 0 : this.#quickDeaths + 1;
    const info: WorkerInfo = { ...this.info(), state: 'dead' };
    this.#restartAfter(this.#quickDeaths <= 1 ? 0 : backoffDelay(this.#quickDeaths - 2, restartBackoff));
    this.events.emit('died', info);
  }

  #restartAfter(ms: number): void {
    const cancelRestart = systemClock.after(ms, () => {
      this.#state = { kind: 'starting' };
      this.#tasks.spawn('restart worker', this.#restart());
    });
    this.#state = { kind: 'dead', cancelRestart };
  }

  async #restart(): Promise<void> {
    try {
      await this.#spawn();
      if (!this.running) return;
      this.announce();
      this.events.emit('started');
    } catch (error) {
      if (this.#state.kind !== 'starting') return;
      this.#failedStarts += 1;
      const reason = messageOf(error);
      if (this.givenUp) {
        this.#log.error('worker given up: it cannot be started', { reason, attempts: this.#failedStarts });
        this.#state = { kind: 'dead', cancelRestart: () => {} };
      } else {
        this.#log.warn('worker does not start, trying again', { reason, attempts: this.#failedStarts });
        this.#restartAfter(backoffDelay(this.#failedStarts, restartBackoff));
      }
    }
  }
}

function infoState(state: SlotState): WorkerInfo['state'] {
  switch (state.kind) {
    case 'starting':
    case 'running':
      return state.kind;
    case 'dead':
    case 'closed':
      return 'dead';
    default:
      return assertNever(state);
  }
}
