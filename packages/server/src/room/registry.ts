import { AppError, Emitter, systemClock, type Clock, type Logger } from '@potluck/kernel';
import type { PeerId, RoomId, RtpCapabilities } from '@potluck/protocol';
import type { MediaFabric } from '../media/fabric.ts';
import type { RoomRecord } from '../store/room-record.ts';
import type { AccessMode } from './access-mode.ts';
import { attachConnectLimit } from './connecting.ts';
import { Door } from './door.ts';
import { attachDemand, attachEngineFacts, attachFloor } from './facts.ts';
import { missingOf, type Keeper, type MissingMember } from './keeping.ts';
import { attachIngressLimit } from './ingress.ts';
import { attachHosts } from './moderation.ts';
import type { RoomLimits } from './room-options.ts';
import { Room } from './room.ts';
import { attachAddressing } from './addressing.ts';
import { attachFiles } from './files.ts';
import { attachServerData } from './server-data.ts';

export type RegistrySettings = {
  readonly maxRooms: number;
  readonly maxConsumerReplicas: number;
  readonly accessMode: AccessMode;
  /** Milliseconds that ICE and DTLS of a transport may take. Absent: any time. */
  readonly connectWithinMs?: number;
  /** Bits a second that a client is asked to send at most. Absent or 0: any. */
  readonly maxIncomingBitrate?: number;
  readonly limits: RoomLimits;
};

type RoomFabric = Pick<MediaFabric, 'openRoom' | 'rtpCapabilities'>;

/** All rooms: opens each once, forgets the closed. */
export class RoomRegistry {
  readonly events: Emitter<{ roomOpened: [room: Room]; roomClosed: [room: Room, reason: string] }>;
  readonly #fabric: RoomFabric;
  readonly #settings: RegistrySettings;
  readonly #log: Logger;
  readonly #keeper: Keeper | undefined;
  readonly #clock: Clock;
  readonly #rooms = new Map<RoomId, Room>();
  readonly #opening = new Map<RoomId, Promise<Room>>();
  #closed: string | undefined;
  #notOpening: string | undefined;

  constructor(
    fabric: RoomFabric,
    settings: RegistrySettings,
    log: Logger,
    keeper?: Keeper,
    clock: Clock = systemClock,
  ) {
    this.#clock = clock;
    this.#keeper = keeper;
    this.#fabric = fabric;
    this.#settings = settings;
    this.#log = log;
    this.events = new Emitter((error) => log.error('a listener failed', { error }));
  }

  /** What every room can do, opened or not. */
  get rtpCapabilities(): RtpCapabilities {
    return this.#fabric.rtpCapabilities;
  }

  get rooms(): ReadonlyMap<RoomId, Room> {
    return this.#rooms;
  }

  get(id: RoomId): Room | undefined {
    return this.#rooms.get(id);
  }

  /**
   * What a newcomer finds at the room of this id, without opening it: its door, as it would be opened. Throws
   * `unavailable` where it would not be.
   */
  look(id: RoomId): { door: Pick<Door, 'ask'>; room: Room | undefined; missing: ReadonlyMap<PeerId, MissingMember> } {
    const room = this.#rooms.get(id);
    if (room !== undefined) return { door: room.door, room, missing: room.missing };
    this.#assertOpening();
    const kept = this.#recall(id);
    return { door: new Door(this.#settings.accessMode, kept), room, missing: missingOf(kept) };
  }

  /** The room of this id, opened if need be; two who come first at once share it. The caller holds it until it is in. */
  async enter(id: RoomId, options: { consumerReplicas: number }): Promise<{ room: Room; release: () => void }> {
    for (;;) {
      const room = this.#rooms.get(id) ?? (await this.#openOnce(id, options.consumerReplicas));
      // Whoever opened it with us may have left already: then it is opened anew.
      if (!room.closed) return { room, release: room.hold() };
    }
  }

  /** Opens no new rooms from here on, and says why; those that are open go on. `undefined`: opens them again. */
  stopOpening(reason: string | undefined): void {
    this.#notOpening = reason;
  }

  /** The server is about to stop: rooms are kept as they are now, whatever the stop does to them. */
  seal(): void {
    this.#keeper?.seal();
  }

  /** Closes every room and opens no more. */
  close(reason: string): void {
    this.#closed = reason;
    this.seal();
    for (const room of [...this.#rooms.values()]) room.close(reason);
  }

  #openOnce(id: RoomId, consumerReplicas: number): Promise<Room> {
    const opening = this.#opening.get(id) ?? this.#open(id, consumerReplicas).finally(() => this.#opening.delete(id));
    this.#opening.set(id, opening);
    return opening;
  }

  async #open(id: RoomId, consumerReplicas: number): Promise<Room> {
    this.#assertOpening();
    const { maxConsumerReplicas, accessMode, limits, connectWithinMs, maxIncomingBitrate = 0 } = this.#settings;
    const log = this.#log.child('room', { roomId: id });
    const media = await this.#fabric.openRoom(id);
    const options = {
      id,
      consumerReplicas: Math.min(consumerReplicas, maxConsumerReplicas),
      accessMode,
      limits,
      kept: this.#recall(id),
      clock: this.#clock,
    };
    const room = new Room(media, options, log);
    if (this.#closed !== undefined) {
      room.close(this.#closed);
      throw new AppError('unavailable', this.#closed);
    }
    this.#rooms.set(id, room);
    room.events.on('closed', (reason) => {
      this.#rooms.delete(id);
      log.info('room closed', { reason });
      this.events.emit('roomClosed', room, reason);
    });
    this.#keeper?.attach(room);
    attachEngineFacts(room);
    attachFloor(room);
    attachDemand(room);
    attachServerData(room);
    attachFiles(room);
    attachAddressing(room);
    attachHosts(room, accessMode);
    if (connectWithinMs !== undefined) attachConnectLimit(room, connectWithinMs);
    if (maxIncomingBitrate > 0) attachIngressLimit(room, maxIncomingBitrate);
    log.info('room opened');
    this.events.emit('roomOpened', room);
    return room;
  }

  #assertOpening(): void {
    const no = this.#closed ?? this.#notOpening;
    if (no !== undefined) throw new AppError('unavailable', no);
    const { maxRooms } = this.#settings;
    if (this.#rooms.size + this.#opening.size >= maxRooms) {
      throw new AppError('unavailable', `the server is full: at most ${maxRooms} rooms`);
    }
  }

  /** A store that fails must not keep a room from opening. */
  #recall(id: RoomId): RoomRecord | undefined {
    try {
      return this.#keeper?.recall(id);
    } catch (error) {
      this.#log.warn('what was kept of the room could not be read', { roomId: id, error });
      return undefined;
    }
  }
}
