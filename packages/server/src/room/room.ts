import { AppError, Emitter, Scope, systemClock, Tasks, type Clock, type Logger } from '@potluck/kernel';
import {
  noGrant,
  type ConsumerId,
  type DataProducerId,
  type Device,
  type Grant,
  type PeerId,
  type ProducerId,
  type RoomId,
  type TransportId,
} from '@potluck/protocol';
import type { RoomMedia } from '../media/fabric.ts';
import type { KeptMember } from '../store/room-record.ts';
import type { AccessMode } from './access-mode.ts';
import { Chat } from './chat.ts';
import type { Delivery } from './delivery.ts';
import { DemandControl } from './demand.ts';
import { Door } from './door.ts';
import { FloorControl } from './floor-control.ts';
import { Files } from './files.ts';
import { hashOfToken, holdsToken, missingOf, type MissingMember } from './keeping.ts';
import { isJoined, Member, type JoinedMember } from './member.ts';
import { standingOf, type Standing } from './policy.ts';
import type { DataPublication, Publication } from './publication.ts';
import { Moves } from './moves.ts';
import type { Reception } from './reception.ts';
import { openReception } from './open-reception.ts';
import type { Expulsion, RoomEvents } from './room-events.ts';
import type { JoinRoomOptions, RoomLimits, RoomOptions } from './room-options.ts';
import { Starts } from './starts.ts';

/** Videos of a first screen, as `firstVideos` of our app. */
const firstLooks = 9;

/**
 * A meeting: who is in it, and what happened. Its media hang on it; what each peer says, sends and gets is in files of
 * their own.
 */
export class Room {
  readonly id: RoomId;
  readonly accessMode: AccessMode;
  readonly startedAt: number;
  readonly media: RoomMedia;
  readonly events: Emitter<RoomEvents>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly chat: Chat;
  readonly files: Files;
  readonly door: Door;
  readonly floor: FloorControl;
  readonly demand: DemandControl<Member>;
  /** Everything published, whoever by. Written by `sending.ts` and `server-data.ts` only. */
  readonly publications = new Map<ProducerId, Publication>();
  readonly dataPublications = new Map<DataProducerId, DataPublication>();
  readonly consumerOwners = new Map<ConsumerId, Delivery>();
  readonly transportOwners = new Map<TransportId, Member>();
  /** Members of before a restart who have not joined again yet. */
  readonly missing: Map<PeerId, MissingMember>;
  readonly scope = new Scope();
  /** Its own where it was made over the API with other ones. */
  limits: RoomLimits;
  /** It is kept open until then although nobody is in it. Milliseconds since the epoch. */
  reservedUntil: number | undefined;
  readonly starts: Starts;
  readonly moves: Moves;
  readonly #members = new Map<PeerId, Member>();
  readonly #consumerReplicas: number;
  #holds = 0;

  constructor(media: RoomMedia, options: RoomOptions, log: Logger) {
    this.id = options.id;
    this.accessMode = options.accessMode;
    const { reserved } = options.kept ?? {};
    this.reservedUntil = reserved?.until;
    this.limits = reserved === undefined ? options.limits : { ...options.limits, maxPeers: reserved.maxPeers };
    this.media = media;
    this.log = log;
    this.clock = options.clock ?? systemClock;
    this.starts = new Starts(this.clock);
    this.moves = new Moves(this.clock, () => this.#members.size);
    const report = (error: unknown) => log.error('a listener failed', { error });
    this.floor = new FloorControl(options.limits.loudestSpeakers, this.clock, report);
    this.demand = new DemandControl(this.clock, report);
    this.scope.add(() => this.demand.close());
    this.events = new Emitter((error) => log.error('a listener failed', { error }));
    this.tasks = new Tasks((name, error) => log.warn('background task failed', { task: name, error }));
    this.startedAt = options.kept?.startedAt ?? this.clock.now();
    this.chat = new Chat(options.limits.chatHistory, options.kept?.chat);
    this.files = new Files(() => this.limits, log);
    this.door = new Door(options.accessMode, options.kept, this.clock);
    this.missing = missingOf(options.kept);
    this.#consumerReplicas = options.consumerReplicas;
  }

  get closed(): boolean {
    return this.scope.closed;
  }

  get members(): ReadonlyMap<PeerId, Member> {
    return this.#members;
  }

  /** Connections and joined peers; broadcasters do not count. */
  get peerCount(): number {
    return this.#count('peer');
  }

  get broadcasterCount(): number {
    return this.#count('broadcaster');
  }

  /** Nobody is in it and nobody is about to enter. */
  get empty(): boolean {
    return this.#members.size === 0 && this.#holds === 0;
  }

  joined(): JoinedMember[] {
    return [...this.#members.values()].filter(isJoined);
  }

  /** Keeps the room open for somebody on the way in. Call what it returns once, when arrived or lost. */
  hold(): () => void {
    if (this.closed) throw new AppError('unavailable', 'the room has just closed');
    this.#holds += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      this.#closeIfEmpty();
    };
  }

  /** Takes in a connection, which is not yet seen by others. Somebody with the same id is replaced. */
  admit(
    peerId: PeerId,
    options: { chatByNotice: boolean; address?: string },
  ): Member & { readonly reception: Reception } {
    if (this.closed) throw new AppError('unavailable', 'the room has just closed');
    const old = this.#members.get(peerId);
    if (old?.kind === 'broadcaster') throw new AppError('conflict', 'this id belongs to a broadcaster');
    if (old === undefined && this.peerCount >= this.limits.maxPeers) {
      throw new AppError('unavailable', `the room is full: at most ${this.limits.maxPeers} peers`);
    }
    const { chatByNotice } = options;
    const reception = openReception(this, peerId, {
      chatByNotice,
      replicas: this.#consumerReplicas,
      present: () => member.profile?.connection === 'connected',
    });
    const member: Member & { readonly reception: Reception } = Object.assign(
      new Member(peerId, 'peer', reception, options.address),
      { reception },
    );
    this.demand.follow(member, (id) => reception.media.demandOf(id));
    this.demand.expect(firstLooks);
    // The newcomer is in before the old one is out: the room never looks empty in between.
    this.#members.set(peerId, member);
    if (old !== undefined) this.#end(old, 'replaced', 'you joined again from elsewhere');
    return member;
  }

  /** Takes in a broadcaster, at once visible to all. `conflict` if the id is taken. */
  admitBroadcaster(id: PeerId, displayName: string, device: Device, grant: Grant = noGrant): JoinedMember {
    if (this.closed) throw new AppError('unavailable', 'the room has just closed');
    if (this.#members.has(id)) throw new AppError('conflict', `the id "${id}" is already in use in this room`);
    const member = new Member(id, 'broadcaster');
    this.#members.set(id, member);
    return this.#join(member, displayName, device, standingOf(grant.role ?? 'speaker', grant));
  }

  /** From here on others see the peer, and it receives. `conflict` when it has joined before. */
  join(member: Member, options: JoinRoomOptions): void {
    if (member.state.kind === 'closed') throw new AppError('unavailable', member.state.reason);
    if (member.state.kind === 'joined') throw new AppError('conflict', 'already joined');
    this.#join(member, options.displayName, options.device, options.standing, options.handRaisedAt);
    member.reception?.join(options.rtpCapabilities, options.sctp, options.firstVideos);
  }

  /** Whoever holds a token of a member of before the restart is that member again, as often as it takes to join. */
  reclaim(peerId: PeerId, token: string): KeptMember | undefined {
    const member = this.missing.get(peerId);
    if (member === undefined || !holdsToken(member, token)) return undefined;
    this.missing.set(peerId, { ...member, tokenHash: hashOfToken(token) });
    return member;
  }

  /** Whoever has not come back since the restart will not. */
  giveUpMissing(): void {
    this.missing.clear();
    this.events.emit('missingGivenUp');
  }

  /** Its address if nobody else here has the same: an office behind one address is not one person. */
  addressIfAlone(member: Member): string | undefined {
    const { address } = member;
    const shared = [...this.#members.values()].some((other) => other !== member && other.address === address);
    return shared ? undefined : address;
  }

  /** How many could receive it. */
  receiversOf({ peerId }: Publication): number {
    let count = 0;
    for (const member of this.#members.values()) {
      if (member.id !== peerId && isJoined(member) && member.receiveTransport) count += 1;
    }
    return count;
  }

  /** What is published changed: everyone's reception is brought up to date. */
  pokeAll(): void {
    for (const { reception } of this.#members.values()) reception?.poke();
  }

  /** Puts somebody out for good. */
  expel(member: Member, why: Expulsion, message: string): void {
    this.door.forget(member.id);
    this.#end(member, why, message);
    this.#closeIfEmpty();
  }

  /** Somebody left or was lost. Idempotent. */
  remove(member: Member, reason: string): void {
    this.#leave(member, reason);
    this.#closeIfEmpty();
  }

  /** Puts everybody out and ends the media. Idempotent. */
  close(reason: string): void {
    if (this.closed) return;
    for (const member of [...this.#members.values()]) this.#end(member, 'roomClosed', reason);
    this.scope.close(reason);
    this.media.close(reason);
    this.events.emit('closed', reason);
  }

  #join(
    member: Member,
    displayName: string | undefined,
    device: Device,
    standing: Standing,
    handRaisedAt?: number,
  ): JoinedMember {
    const profile = {
      displayName,
      device,
      joinedAt: this.clock.now(),
      connection: 'connected',
      handRaisedAt,
      standing,
    } as const;
    const joined = Object.assign(member, { state: { kind: 'joined', profile: { ...profile } } } as const);
    this.events.emit('memberJoined', joined);
    return joined;
  }

  #end(member: Member, why: Expulsion, message: string): void {
    this.#leave(member, why);
    this.events.emit('memberExpelled', member, why, message);
  }

  #leave(member: Member, reason: string): void {
    if (member.closed) return;
    const wasJoined = isJoined(member);
    member.state = { kind: 'closed', reason };
    if (this.#members.get(member.id) === member) this.#members.delete(member.id);
    // Others learn of the leaving before they learn of the ends that it brings.
    if (wasJoined) this.events.emit('memberLeft', member.id, reason);
    else if (this.door.leaveLobby(member.id)) this.events.emit('lobbyChanged');
    member.reception?.close();
    this.demand.unfollow(member);
    for (const publication of member.publications.values()) {
      this.publications.delete(publication.id);
      this.events.emit('unpublished', publication);
    }
    for (const { giveUp } of [...member.moving.values()]) giveUp();
    for (const publication of member.dataPublications.values()) {
      this.dataPublications.delete(publication.id);
      this.events.emit('dataUnpublished', publication);
    }
    for (const transportId of member.transports.keys()) {
      this.transportOwners.delete(transportId);
      this.media.closeTransport(transportId);
    }
    member.publications.clear();
    member.dataPublications.clear();
    member.transports.clear();
    this.pokeAll();
  }

  #closeIfEmpty(): void {
    if (this.empty) this.close('everybody left');
  }

  #count(kind: Member['kind']): number {
    let count = 0;
    for (const member of this.#members.values()) if (member.kind === kind) count += 1;
    return count;
  }
}
