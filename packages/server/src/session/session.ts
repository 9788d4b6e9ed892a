import { AppError, Channel, closeCodes, encodeNotification, Scope, systemClock, type Clock } from '@potluck/kernel';
import type {
  ConsumerInfo,
  DataConsumerInfo,
  Dialect,
  EndReason,
  Grant,
  NoticeData,
  NoticeName,
  ServerMethod,
  ServerRequestData,
  TransportId,
} from '@potluck/protocol';
import { isJoined, type Member } from '../room/member.ts';
import { setConnection } from '../room/presence.ts';
import type { Reception } from '../room/reception.ts';
import type { Room } from '../room/room.ts';
import type { KeptMember } from '../store/room-record.ts';
import { dispatch } from './dispatch.ts';
import { handlers } from './handlers.ts';
import { Paces } from './pace.ts';
import type { SessionServices } from './services.ts';
import type { Wire } from './wire.ts';

/** v3 servers give a client 30 s, and a little more for each request that is already pending. */
const requestTimeoutMs = (pending: number) => 2000 * (15 + 0.1 * pending);
const maxConcurrentRequests = 500;

export type SessionDeps = {
  readonly room: Room;
  readonly member: Member & { readonly reception: Reception };
  readonly wire: Wire;
  readonly services: SessionServices;
  readonly dialect: Dialect;
  readonly grant: Grant;
  readonly address: string;
  /** What it was before a restart of the server. */
  readonly kept?: KeptMember | undefined;
  readonly clock?: Clock;
};

/** One peer's signalling: turns its messages into calls on the room, and tells it what it receives. */
export class Session {
  readonly dialect: Dialect;
  readonly room: Room;
  readonly member: Member & { readonly reception: Reception };
  readonly #services: SessionServices;
  readonly #wire: Wire;
  readonly #grant: Grant;
  readonly #address: string;
  readonly #kept: KeptMember | undefined;
  readonly #clock: Clock;
  readonly #channel: Channel;
  readonly #log: Room['log'];
  readonly #scope = new Scope();
  readonly #paces = new Paces();
  #graceTimers: (() => void)[] = [];

  constructor({ room, member, wire, services, dialect, grant, address, kept, clock = systemClock }: SessionDeps) {
    this.room = room;
    this.member = member;
    this.dialect = dialect;
    this.#wire = wire;
    this.#services = services;
    this.#grant = grant;
    this.#address = address;
    this.#kept = kept;
    this.#clock = clock;
    this.#log = room.log.child('session', { peerId: member.id });
    this.#channel = new Channel({
      send: (frame) => wire.send(frame),
      sendSoon: (frame) => wire.sendSoon(frame),
      onRequest: (method, data) => this.#handle(method, data),
      onNotification: (method) => this.#log.debug('notification ignored', { method }),
      onDropped: (why) => this.#log.debug('frame dropped', { why }),
      timeoutMs: requestTimeoutMs,
      maxConcurrentRequests,
      clock,
    });
    this.#listen();
  }

  get closed(): boolean {
    return this.#scope.closed;
  }

  /** It proved to be a member of before a restart. */
  get returning(): boolean {
    return this.#kept !== undefined;
  }

  get joined(): boolean {
    return isJoined(this.member);
  }

  notify<N extends NoticeName>(name: N, data: NoticeData<N>): void {
    this.#channel.notify(name, data);
  }

  /** Sends what was encoded once for many. */
  notifyEncoded(frame: string): void {
    this.#channel.notifyEncoded(frame);
  }

  /** Calls `fn` when the session has ended, at once if it has. */
  onClose(fn: () => void): void {
    this.#scope.add(fn);
  }

  /** Ends the session from this side. Own clients are told why; the close code tells v3 clients whether to come back. */
  end(code: number, reason: EndReason, message: string): void {
    if (this.closed) return;
    if (this.dialect === 'potluck') this.notify('sessionEnding', { reason, message });
    this.#wire.close(code, message);
    this.#finish(message);
  }

  #listen(): void {
    const { events } = this.#wire;
    const { media, data } = this.member.reception;
    const forget = [
      events.on('received', (message) => this.#channel.receive(message)),
      events.on('closed', (reason) => this.#finish(reason)),
      events.on('lost', (reason) => this.#waitForReturn(reason)),
      events.on('resumed', () => this.#returned()),
      media.events.on('consumersOpened', (consumers, transportId) => this.#offer(consumers, transportId)),
      media.events.on('consumerClosed', (consumerId) => this.notify('consumerClosed', { consumerId })),
      media.events.on('consumerPaused', (consumerId) => this.notify('consumerPaused', { consumerId })),
      media.events.on('consumerResumed', (consumerId) => this.notify('consumerResumed', { consumerId })),
      media.events.on('consumerScored', (consumerId, score) => this.notify('consumerScore', { consumerId, score })),
      media.events.on('consumerLayersChanged', (consumerId, layers) =>
        this.notify('consumerLayersChanged', {
          consumerId,
          spatialLayer: layers?.spatialLayer ?? null,
          temporalLayer: layers?.temporalLayer ?? null,
        }),
      ),
      data.events.on('dataConsumerOpened', (consumer) => this.#offerData(consumer)),
      data.events.on('dataConsumerClosed', (dataConsumerId) => this.notify('dataConsumerClosed', { dataConsumerId })),
    ];
    this.#scope.add(() => forget.forEach((off) => off()));
  }

  #handle(method: string, data: unknown): unknown {
    const { room, member } = this;
    const context = {
      room,
      member,
      reception: member.reception,
      services: this.#services,
      log: this.#log,
      grant: this.#grant,
      address: this.#address,
      kept: this.#kept,
      afterAnswer: (act: () => void) => void this.#clock.after(0, act),
      leave: () => this.#leave(),
    };
    const refuse = (error: unknown): never => {
      const told = AppError.from(error);
      const facts = { method, code: told.code, reason: told.message };
      if (told.code === 'internal') this.#log.error('request failed', { ...facts, error: told.cause ?? told });
      else this.#log.debug('request refused', facts);
      throw told;
    };
    try {
      this.#paces.check(method, this.#clock.now());
      const answer = isJoined(member)
        ? dispatch(handlers.joined, 'joined', method, data, { ...context, member })
        : dispatch(handlers.connected, member.state.kind, method, data, context);
      return answer instanceof Promise ? answer.catch(refuse) : answer;
    } catch (error) {
      return refuse(error);
    }
  }

  #offer(consumers: ConsumerInfo[], transportId: TransportId): void {
    if (this.dialect === 'potluck') return this.notify('consumersOpened', { consumers, transportId });
    const { media } = this.member.reception;
    for (const consumer of consumers) {
      this.#ask(
        'newConsumer',
        consumer,
        () => media.accept(consumer.id),
        () => media.refuse(consumer.id),
      );
    }
  }

  #offerData(consumer: DataConsumerInfo): void {
    this.#ask(
      'newDataConsumer',
      consumer,
      () => {},
      () => this.member.reception.data.refuse(consumer.id),
    );
  }

  #ask<M extends ServerMethod>(method: M, data: ServerRequestData<M>, agreed: () => void, refused: () => void): void {
    const asking = this.#channel.request(method, data).then(agreed, (error: unknown) => {
      if (this.closed) return;
      this.#log.debug('offer refused', { method, error });
      refused();
    });
    this.room.tasks.spawn(method, asking);
  }

  #leave(): void {
    this.#wire.close(closeCodes.normal, 'left');
    this.#finish('left');
  }

  #waitForReturn(reason: string): void {
    const { graceMs, reconnectingAfterMs } = this.#services.settings;
    const { member, room } = this;
    this.#log.info('socket lost, waiting for its return', { reason });
    if (!isJoined(member)) return this.#finish(reason);
    this.#graceTimers = [
      this.#clock.after(reconnectingAfterMs, () => {
        if (isJoined(member)) setConnection(room, member, 'reconnecting');
      }),
      this.#clock.after(graceMs, () => {
        this.#wire.close(closeCodes.normal, 'away for too long');
        this.#finish(`did not return: ${reason}`);
      }),
    ];
  }

  #returned(): void {
    this.#stopGrace();
    this.#log.info('session resumed on a new socket');
    if (isJoined(this.member)) setConnection(this.room, this.member, 'connected');
  }

  #stopGrace(): void {
    for (const cancel of this.#graceTimers) cancel();
    this.#graceTimers = [];
  }

  #finish(reason: string): void {
    if (this.closed) return;
    this.#stopGrace();
    this.#channel.close(reason);
    try {
      this.#scope.close(reason);
    } finally {
      // Whatever fails above, nobody stays in a room without a session.
      this.#log.info('session ended', { reason });
      this.room.remove(this.member, reason);
    }
  }
}

export const encodeNotice = <N extends NoticeName>(name: N, data: NoticeData<N>): string =>
  encodeNotification(name, data);
