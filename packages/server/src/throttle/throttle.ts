import { AppError, Serial, type Logger, type Tasks } from '@potluck/kernel';
import type { RoomId } from '@potluck/protocol';
import { sameSecret } from '../room/broadcast-secret.ts';
import type { NetworkThrottle, ThrottleOptions } from '../session/services.ts';
import type { Run } from './run.ts';
import { defaultInterfaces, incomingInterface, leftoverSteps, shapingSteps, type PortRange } from './shaping.ts';

export type ThrottleDeps = {
  readonly run: Run;
  /** The rooms whose end ends what they began. */
  readonly rooms: { on(event: 'roomClosed', listener: (room: { readonly id: RoomId }) => void): () => void };
  readonly tasks: Tasks;
  readonly log: Logger;
};

export type ThrottleSettings = {
  readonly secret: string;
  /** The media ports of this server. */
  readonly ports: readonly PortRange[];
};

type State = { kind: 'free' } | { kind: 'throttled'; by: RoomId; undo: (readonly string[])[] };

/** Slows the media of this server, for tests. One room at a time does; it ends with that room or with the server. */
export class Throttle implements NetworkThrottle {
  readonly #deps: ThrottleDeps;
  readonly #settings: ThrottleSettings;
  readonly #serial = new Serial();
  readonly #forget: () => void;
  #state: State = { kind: 'free' };
  #closed = false;

  constructor(deps: ThrottleDeps, settings: ThrottleSettings) {
    this.#deps = deps;
    this.#settings = settings;
    this.#forget = deps.rooms.on('roomClosed', ({ id }) => {
      deps.tasks.spawn(
        'undo the network throttle',
        this.#serial.run(() => this.#undoOf(id)),
      );
    });
  }

  apply(roomId: RoomId, secret: string, options: ThrottleOptions): Promise<void> {
    return this.#serial.run(async () => {
      this.#check(secret);
      if (this.#closed) throw new AppError('unavailable', 'the server is stopping');
      if (this.#state.kind === 'throttled' && this.#state.by !== roomId) {
        throw new AppError('conflict', 'another room throttles the network of this server already');
      }
      await this.#undo();
      await this.#shape(roomId, options);
      this.#deps.log.warn('network throttled', { roomId, ...options });
    });
  }

  reset(roomId: RoomId, secret: string): Promise<void> {
    return this.#serial.run(async () => {
      this.#check(secret);
      await this.#undoOf(roomId);
    });
  }

  /** Undoes what is in force and takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#forget();
    await this.#serial.run(() => this.#undo());
  }

  #check(secret: string): void {
    if (!sameSecret(secret, this.#settings.secret)) throw new AppError('forbidden', 'wrong throttle secret');
  }

  async #shape(roomId: RoomId, options: ThrottleOptions): Promise<void> {
    const { run } = this.#deps;
    const interfaces = await this.#interfaces();
    await this.#cleanLeftovers(interfaces);
    const undo: (readonly string[])[] = [];
    this.#state = { kind: 'throttled', by: roomId, undo };
    try {
      for (const step of shapingSteps(interfaces, this.#settings.ports, options)) {
        await run(step.run);
        if (step.undo !== undefined) undo.push(step.undo);
      }
    } catch (error) {
      await this.#undo();
      throw error;
    }
  }

  async #interfaces(): Promise<string[]> {
    const { run } = this.#deps;
    const routes = [
      await run(['ip', '-4', '-o', 'route', 'show', 'default']),
      await run(['ip', '-6', '-o', 'route', 'show', 'default']),
    ];
    const interfaces = defaultInterfaces(routes.join('\n'));
    if (interfaces.length === 0) throw new AppError('unavailable', 'no network interface has a default route');
    return interfaces;
  }

  /** Our interface is there though we throttle nothing: a server was killed while it did. */
  async #cleanLeftovers(interfaces: readonly string[]): Promise<void> {
    const { run, log } = this.#deps;
    const links = await run(['ip', '-o', 'link', 'show']);
    if (!links.includes(` ${incomingInterface}:`)) return;
    log.warn('a network throttle was left behind and is undone');
    for (const step of leftoverSteps(interfaces)) {
      await run(step).catch((error: unknown) => log.debug('nothing to undo', { step: step.join(' '), error }));
    }
  }

  async #undoOf(roomId: RoomId): Promise<void> {
    if (this.#state.kind === 'throttled' && this.#state.by === roomId) await this.#undo();
  }

  async #undo(): Promise<void> {
    if (this.#state.kind === 'free') return;
    const { undo } = this.#state;
    this.#state = { kind: 'free' };
    for (const step of undo.toReversed()) {
      await this.#deps.run(step).catch((error: unknown) => {
        this.#deps.log.error('could not undo a network throttle', { step: step.join(' '), error });
      });
    }
    this.#deps.log.info('network no longer throttled');
  }
}
