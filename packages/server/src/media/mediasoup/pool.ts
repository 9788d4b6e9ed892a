import { AppError, Emitter, withTimeout, type Logger } from '@potluck/kernel';
import type { RoomId, RtpCapabilities } from '@potluck/protocol';
import type { Drained, MediaFabric, RoomMediaSummary, WorkerInfo, WorkerLog } from '../fabric.ts';
import type { MediaSettings } from '../settings.ts';
import { CapabilityReducer, readRtpCapabilities } from './codecs.ts';
import { drainSlot } from './drain.ts';
import { forwardEngineLog } from './engine-log.ts';
import { installFastClone } from './fast-clone.ts';
import { installFastStrings } from './fast-strings.ts';
import { installSharedParameters } from './shared-parameters.ts';
import { choosePlacement, transportsInUse, type ChoosePlacement, type RoomShare } from './placement.ts';
import { LocalRoomMedia } from './room-media.ts';
import type { Worth } from './rebalance.ts';
import { Rebalancer } from './rebalancer.ts';
import type { PlacementWishes, RouterSource } from './room-routers.ts';
import { WorkerSlot } from './worker-slot.ts';

/** What exists now; all zero, but for the workers, when every room is closed. */
export type FabricCounts = RoomMediaSummary & { workers: number; rooms: number };

export type FabricOptions = {
  /** Where the next transport goes; tests force it. */
  choose?: ChoosePlacement;
  /** When media moves to a less busy worker; tests have it move sooner. */
  rebalance?: Worth;
};

/** How long a room waits for a worker that is being restarted. */
const workerWaitMs = 5000;

/** All workers of this machine and the rooms on them. */
export class LocalFabric implements MediaFabric, RouterSource {
  readonly events: MediaFabric['events'];
  readonly rtpCapabilities: RtpCapabilities = readRtpCapabilities();
  readonly #settings: MediaSettings;
  readonly #log: Logger;
  readonly #choose: ChoosePlacement;
  readonly #worth: Worth | undefined;
  readonly #slots: readonly WorkerSlot[];
  readonly #rooms = new Set<LocalRoomMedia>();
  readonly #reducer = new CapabilityReducer();
  #rebalancer: Rebalancer | undefined;
  #closed = false;

  constructor(settings: MediaSettings, log: Logger, options: FabricOptions = {}) {
    this.#settings = settings;
    this.#log = log;
    this.#choose = options.choose ?? choosePlacement;
    this.#worth = options.rebalance;
    this.events = new Emitter((error) => log.error('a listener threw', { error }));
    this.#slots = Array.from({ length: settings.workers }, (_, index) => new WorkerSlot(index, settings, log));
  }

  /** Starts all workers at the same time and reports them in order. Rejects with the first readable error. */
  async start(): Promise<void> {
    const started = await Promise.allSettled(this.#slots.map((slot) => slot.start()));
    const failure = started.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
    for (const slot of this.#slots) {
      slot.announce();
      this.events.emit('workerStarted', slot.info());
      slot.events.on('started', () => this.#onStarted(slot));
      slot.events.on('died', (info) => this.#onDied(slot, info));
    }
  }

  /** From now on, media moves when the workers are unevenly busy. */
  startRebalancing(): void {
    const open = () => this.#slots.filter((slot) => slot.running && !slot.draining);
    const burdens = () => open().map((slot) => inUse(slot.info()));
    const deps = { burdens, rooms: () => this.#rooms, log: this.#log, worth: this.#worth };
    this.#rebalancer = new Rebalancer(deps, this.#settings.measureEveryMs);
  }

  async openRoom(roomId: RoomId): Promise<LocalRoomMedia> {
    if (this.#closed) throw new AppError('unavailable', 'the media workers are closed');
    const room = new LocalRoomMedia(roomId, {
      settings: this.#settings,
      rtpCapabilities: this.rtpCapabilities,
      reducer: this.#reducer,
      source: this,
      log: this.#log,
    });
    this.#rooms.add(room);
    room.events.on('closed', () => this.#rooms.delete(room));
    try {
      await room.start();
    } catch (error) {
      room.close('could not be opened');
      throw error;
    }
    return room;
  }

  workers(): WorkerInfo[] {
    return this.#slots.map((slot) => slot.info());
  }

  async setWorkerLog(settings: WorkerLog): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.setLog(settings)));
  }

  async choose(room: readonly RoomShare[], wishes: PlacementWishes): Promise<WorkerSlot> {
    if (!this.#slots.some((slot) => slot.running)) await this.#someWorker();
    const running = this.#slots.filter((slot) => slot.running);
    const open = running.filter((slot) => !slot.draining);
    const { near, awayFrom, apart, on } = wishes;
    const wanted = open.find((slot) => slot.index === on);
    if (wanted) return wanted;
    const workers = (open.length > 0 ? open : running).map((slot) => inUse(slot.info()));
    if (apart && workers.every(({ index }) => index === awayFrom)) {
      throw new AppError('unavailable', 'there is no other media worker');
    }
    const index = this.#choose({ workers, room, near, awayFrom });
    const slot = index === undefined ? undefined : this.#slots[index];
    if (!slot?.running) throw new AppError('unavailable', 'no media worker is running');
    return slot;
  }

  async drainWorker(index: number, { withinMs = 15_000 } = {}): Promise<Drained> {
    const slot = this.#slots[index];
    if (!slot) throw new AppError('not_found', `there is no worker ${index}; there are 0 to ${this.#slots.length - 1}`);
    const others = this.#slots.filter((other) => other !== slot && other.running && !other.draining);
    if (others.length === 0) throw new AppError('conflict', `no other worker could take over from worker ${index}`);
    slot.draining = true;
    this.#log.info('worker is drained', { index });
    const drained = await drainSlot(slot, this.#rooms, withinMs);
    this.#log.info('worker has been drained', { index, ...drained });
    return drained;
  }

  undrainWorker(index: number): void {
    const slot = this.#slots[index];
    if (!slot) throw new AppError('not_found', `there is no worker ${index}; there are 0 to ${this.#slots.length - 1}`);
    if (!slot.draining) return;
    slot.draining = false;
    for (const room of this.#rooms) room.events.emit('workerStarted');
  }

  counts(): FabricCounts {
    const summaries = [...this.#rooms].map((room) => room.summary());
    const sum = (name: keyof (typeof summaries)[number]) => summaries.reduce((total, one) => total + one[name], 0);
    return {
      workers: this.#slots.filter((slot) => slot.running).length,
      rooms: this.#rooms.size,
      routers: this.#slots.reduce((total, slot) => total + slot.nodes.size, 0),
      transports: sum('transports'),
      producers: sum('producers'),
      consumers: sum('consumers'),
      dataProducers: sum('dataProducers'),
      dataConsumers: sum('dataConsumers'),
      pipes: sum('pipes'),
    };
  }

  retire(): void {
    this.#rebalancer?.close();
    for (const slot of this.#slots) slot.retire();
  }

  /** Closes all rooms and ends all workers. Resolves when their processes are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#rebalancer?.close();
    for (const room of this.#rooms) room.close('the server ends');
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #onStarted(slot: WorkerSlot): void {
    this.events.emit('workerStarted', slot.info());
    for (const room of this.#rooms) room.events.emit('workerStarted');
  }

  #onDied(slot: WorkerSlot, info: WorkerInfo): void {
    const nodes = [...slot.nodes];
    slot.nodes.clear();
    this.events.emit('workerDied', info);
    for (const room of this.#rooms) for (const node of nodes) room.lose(node, 'media worker died');
  }

  /** Resolves when a worker runs again. */
  async #someWorker(): Promise<void> {
    if (this.#closed || this.#slots.every((slot) => slot.givenUp)) {
      throw new AppError('unavailable', 'no media worker is running');
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const off = this.events.once('workerStarted', () => resolve());
    try {
      await withTimeout(promise, workerWaitMs, 'starting a media worker');
    } catch (error) {
      throw new AppError('unavailable', 'no media worker is running', { cause: error });
    } finally {
      off();
    }
  }
}

/** What placement and balance count. */
const inUse = (worker: WorkerInfo): WorkerInfo => ({ ...worker, transports: transportsInUse(worker) });

/** Starts the workers. Rejects with an `AppError` that says what to do if one cannot start; none is left then. */
export async function openFabric(settings: MediaSettings, log: Logger, options?: FabricOptions): Promise<LocalFabric> {
  forwardEngineLog(log);
  if (installFastClone()) installSharedParameters();
  installFastStrings();
  const fabric = new LocalFabric(settings, log, options);
  try {
    await fabric.start();
    fabric.startRebalancing();
    return fabric;
  } catch (error) {
    await fabric.close();
    throw error;
  }
}
