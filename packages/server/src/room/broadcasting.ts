import { AppError, Scope, systemClock, type Clock, type Logger, type Tasks } from '@potluck/kernel';
import type { Device, Grant, PeerId, RoomId, RtpCapabilities } from '@potluck/protocol';
import { watchIdle, type IdleWatch } from './broadcast-idle.ts';
import { newSecret } from './broadcast-secret.ts';
import { Broadcaster, type BroadcasterLimits } from './broadcaster.ts';
import type { Member } from './member.ts';
import type { RoomRegistry } from './registry.ts';
import type { Room } from './room.ts';

export type BroadcastingSettings = BroadcasterLimits & {
  readonly maxPerRoom: number;
  /** A broadcaster from which nothing came for so long is put out, in milliseconds. */
  readonly idleMs: number;
  /** Whoever acts on a broadcaster must show its secret. Otherwise only a wrong one is refused. */
  readonly requireSecret: boolean;
};

export type BroadcastingDeps = {
  readonly registry: Pick<RoomRegistry, 'enter' | 'get' | 'look' | 'rtpCapabilities'>;
  readonly tasks: Tasks;
  readonly log: Logger;
  readonly clock?: Clock;
};

export type NewBroadcaster = {
  readonly id: PeerId;
  readonly displayName: string;
  readonly device: Device;
  readonly rtpCapabilities: RtpCapabilities | undefined;
};

type Entry = { readonly broadcaster: Broadcaster; readonly watch: IdleWatch };

/** All broadcasters of all rooms: lets them in, finds them for their owner, puts the silent ones out. */
export class Broadcasting {
  readonly #deps: BroadcastingDeps;
  readonly #settings: BroadcastingSettings;
  readonly #entries = new Map<Member, Entry>();

  constructor(deps: BroadcastingDeps, settings: BroadcastingSettings) {
    this.#deps = deps;
    this.#settings = settings;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What a room can do, which is not opened for the answer. Throws `unavailable` where it could not be opened. */
  rtpCapabilities(roomId: RoomId): RtpCapabilities {
    this.#deps.registry.look(roomId);
    return this.#deps.registry.rtpCapabilities;
  }

  /** Lets a broadcaster in; all others in the room are told. The secret is known to the caller alone from here on. */
  async create(
    roomId: RoomId,
    options: NewBroadcaster,
    { grant, address }: { grant: Grant; address: string },
  ): Promise<{ broadcaster: Broadcaster; secret: string }> {
    const { room, release } = await this.#deps.registry.enter(roomId, { consumerReplicas: 0 });
    try {
      const { maxPerRoom } = this.#settings;
      if (room.broadcasterCount >= maxPerRoom) {
        throw new AppError('rate_limited', `at most ${maxPerRoom} broadcasters in one room`);
      }
      const displayName = grant.displayName ?? options.displayName;
      passDoor(room, { peerId: options.id, displayName, address, grant, password: undefined });
      const member = room.admitBroadcaster(options.id, displayName, options.device, grant);
      const secret = newSecret();
      const { rtpCapabilities } = options;
      const broadcaster = new Broadcaster({ room, member }, { rtpCapabilities, secret, limits: this.#settings });
      this.#keep(broadcaster);
      return { broadcaster, secret };
    } finally {
      release();
    }
  }

  /** The broadcaster, for somebody who may act on it. Finding it is a sign of life. */
  find(roomId: RoomId, id: PeerId, secret: string | undefined): Broadcaster {
    const member = this.#deps.registry.get(roomId)?.members.get(id);
    const entry = member && this.#entries.get(member);
    if (entry === undefined) throw new AppError('not_found', `there is no broadcaster "${id}" in the room "${roomId}"`);
    const { broadcaster, watch } = entry;
    if (secret === undefined && this.#settings.requireSecret) {
      throw new AppError('unauthorized', 'this needs the secret of the broadcaster: Authorization: Bearer …');
    }
    if (secret !== undefined && !broadcaster.isOwnedBy(secret)) {
      throw new AppError('forbidden', 'this is not the secret of this broadcaster');
    }
    watch.touch();
    return broadcaster;
  }

  remove({ room, member }: Broadcaster): void {
    room.remove(member, 'deleted');
  }

  #keep(broadcaster: Broadcaster): void {
    const { room, member } = broadcaster;
    const { tasks, clock = systemClock, log } = this.#deps;
    const { idleMs } = this.#settings;
    const scope = new Scope();
    const watch = watchIdle(
      { room, member },
      { clock, tasks },
      {
        idleMs,
        onIdle: () => {
          log.info('broadcaster put out: nothing came from it', { roomId: room.id, broadcasterId: member.id, idleMs });
          room.remove(member, 'idle');
        },
      },
    );
    this.#entries.set(member, { broadcaster, watch });
    scope.add(() => watch.stop());
    scope.add(() => this.#entries.delete(member));
    for (const off of follow(room, broadcaster, (reason) => scope.close(reason))) scope.add(off);
    log.info('broadcaster entered', { roomId: room.id, broadcasterId: member.id });
  }
}

/** Lock, password and bans hold for broadcasters too. A script cannot wait in a lobby: it is refused. */
function passDoor(room: Room, who: Parameters<Room['door']['pass']>[0]): void {
  try {
    room.door.pass(who);
  } catch (error) {
    if (AppError.from(error).code !== 'waiting') throw error;
    room.door.leaveLobby(who.peerId);
    throw new AppError('unauthorized', 'this room lets a broadcaster in only with a token, or with the key of the API');
  }
}

/** Keeps a broadcaster's lists true to what happens in its room. */
function follow(room: Room, broadcaster: Broadcaster, ended: (reason: string) => void): (() => void)[] {
  const { member } = broadcaster;
  return [
    room.events.on('memberLeft', (id, reason) => {
      if (id === member.id && member.closed) ended(reason);
    }),
    room.events.on('unpublished', ({ id }) => broadcaster.forgetProducer(id)),
    room.events.on('dataUnpublished', ({ id }) => broadcaster.forgetDataProducer(id)),
    room.events.on('transportFailed', (whose, transportId, _reason, lost) => {
      if (whose === member && lost) broadcaster.forgetTransport(transportId);
    }),
  ];
}
