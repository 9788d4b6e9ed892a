import { AppError, elapsed, Emitter, type Clock } from '@potluck/kernel';
import type { NoticeData } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import type { JoinOptions } from '../api.ts';
import { asAppError } from '../errors.ts';
import type { Call } from '../signal/api.ts';
import type { Recovery } from '../state/connection.ts';
import type { MakeDevice, MediaDevice } from './device.ts';
import { Path } from './path.ts';
import { ReceiveFirst } from './receive-first.ts';
import type { Receiving } from './receiving.ts';
import type { Sending } from './sending.ts';

export type MediaPathsDeps = {
  call: Call;
  sending: Sending;
  receiving: Receiving;
  makeDevice: MakeDevice;
  clock: Clock;
  /** How long the socket took to open, in milliseconds. */
  socketMs: () => number;
};

type Welcome = NoticeData<'welcome'>;
type Direction = 'send' | 'receive';
const directions = ['send', 'receive'] as const;
/**
 * A socket that opened within this time, in milliseconds, leads to a server (up to some 70 ms of round trip away) whose first
 * consumers will be here before the own tracks have waited too long. Far away they begin while nothing else can.
 */
const nearMs = 150;
/** How long the own tracks wait for them at most, in milliseconds. */
const holdMs = 400;
/** How long the room is entered, in milliseconds, before it is shown without what others send. */
const showAfterMs = 250;
/** How long old and new transports carry the same, so that everyone has changed over before the old ones go. */
const overlapMs = 1500;
/** How long the last receiver may take after that. */
const releaseWithinMs = 5000;
/** How long what moved may take after that to carry something. */
const verifyAfterMs = 1000;

/** The two directions of media: the device that makes their transports, and who gets each new one. */
export class MediaPaths {
  readonly events = new Emitter<{
    repairing: [recovery: Recovery | undefined];
    warned: [error: AppError];
  }>();
  readonly #deps: MediaPathsDeps;
  readonly #options: JoinOptions;
  readonly #receiveFirst: ReceiveFirst;
  readonly #paths: { readonly [D in Direction]: Path<types.Transport> };
  readonly #repairs: { [D in Direction]?: Recovery | undefined } = {};
  /** Connected and idle, until the server says which transport they go on from. */
  readonly #standbys: { [D in Direction]?: types.Transport | undefined } = {};
  /** Left, until all that they carried flows elsewhere. */
  readonly #leaving = new Set<types.Transport>();
  #stopSending = () => {};
  #device: { media: MediaDevice; key: string } | undefined;

  constructor(deps: MediaPathsDeps, options: JoinOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#receiveFirst = new ReceiveFirst(deps.clock);
    deps.receiving.events.on('begun', () => this.#receiveFirst.release());
    this.#paths = { send: this.#path('send'), receive: this.#path('receive') };
  }

  /** Learns what room and browser have in common. Rejects with `unsupported` where WebRTC is missing. */
  async prepare({ routerRtpCapabilities, iceServers }: Welcome): Promise<MediaDevice> {
    const key = JSON.stringify([routerRtpCapabilities, iceServers]);
    if (this.#device?.key === key) return this.#device.media;
    const media = await this.#deps.makeDevice(routerRtpCapabilities, iceServers);
    this.#device = { media, key };
    return media;
  }

  /** Begins with the transports that the server has prepared. */
  use({ sendTransport, receiveTransport }: Welcome): void {
    this.#dropStandbys();
    this.#stopSending();
    if (receiveTransport !== undefined) this.#paths.receive.use(receiveTransport);
    if (sendTransport === undefined) return;
    const send = () => this.#paths.send.use(sendTransport);
    if (receiveTransport === undefined || !this.#near) send();
    else this.#stopSending = this.#receiveFirst.after(send, holdMs);
  }

  /** On the way in: what others send is about to be offered. */
  expectOthers(): void {
    this.#receiveFirst.expect();
  }

  /** Nothing is about to be received that anything should wait for. */
  expectNobody(): void {
    this.#receiveFirst.release();
  }

  /** Resolves when what others send has been asked for, and soon in any case. */
  othersBegun(): Promise<void> {
    return new Promise((resolve) => void this.#receiveFirst.after(resolve, showAfterMs));
  }

  /** The server lost the path of this transport, or (`lost`) the transport itself. */
  distrust(transportId: string, lost = false): void {
    for (const direction of directions) {
      const path = this.#paths[direction];
      const current = path.transport?.id === transportId;
      if (current && lost && direction === 'receive') this.#deps.receiving.keepAll();
      if (lost) path.lose(transportId);
      else if (current) path.distrust('broken');
    }
  }

  /** Connects transports that the server holds ready. Whatever fails here costs nothing but the readiness. */
  prepareStandby({ sendTransport, receiveTransport }: NoticeData<'standbyOpened'>): void {
    this.#dropStandbys();
    const { sending, receiving } = this.#deps;
    const media = this.#device?.media;
    if (media === undefined) return;
    if (sendTransport !== undefined) {
      const transport = (this.#standbys.send = media.openSend(sendTransport));
      sending.prepare(transport, () => this.#broken('send', transport));
    }
    if (receiveTransport !== undefined) {
      const transport = (this.#standbys.receive = media.openReceive(receiveTransport));
      receiving.prepare(transport, () => this.#broken('receive', transport));
    }
  }

  /** A standby goes on from a transport. Without it here, the slow way is taken. */
  replace({ transportId, by, lost }: NoticeData<'transportReplaced'>): void {
    const direction = directions.find((one) => this.#paths[one].transport?.id === transportId);
    const known = directions.find((one) => this.#standbys[one]?.id === by);
    const standby = known === undefined ? undefined : this.#standbys[known];
    if (lost && direction === 'receive') this.#deps.receiving.keepAll();
    if (direction !== undefined && known === direction && standby !== undefined && !standby.closed) {
      this.#standbys[direction] = undefined;
      this.#paths[direction].moveTo(standby, lost);
      return;
    }
    this.#deps.call('closeTransport', { transportId: by }).catch(() => undefined);
    if (direction !== undefined) this.#paths[direction].distrust('lost');
  }

  /** The network just changed. */
  check(): void {
    for (const path of Object.values(this.#paths)) path.check();
  }

  close(): void {
    this.#stopSending();
    this.#receiveFirst.release();
    for (const path of Object.values(this.#paths)) path.close();
    this.#dropStandbys();
    for (const transport of this.#leaving) transport.close();
  }

  get #near(): boolean {
    return this.#deps.socketMs() <= nearMs;
  }

  #path(direction: Direction): Path<types.Transport> {
    const { call, clock, sending, receiving } = this.#deps;
    const { dataChannels = true, forceTcp = false } = this.#options;
    const build = (info: Parameters<MediaDevice['openSend']>[0]) => {
      if (this.#device === undefined) throw new AppError('internal', 'a transport before the device');
      const { media } = this.#device;
      return direction === 'send' ? media.openSend(info) : media.openReceive(info);
    };
    const path = new Path<types.Transport>({ direction, call, build, dataChannels, forceTcp, clock });
    path.events.on('opened', (transport) => {
      const onBroken = () => path.lose(transport.id);
      if (direction === 'receive') return receiving.use(transport, onBroken, dataChannels);
      sending.use({ transport, codecs: this.#device?.media.sendCodecs ?? [] }, onBroken, this.#near);
    });
    path.events.on('moved', (transport, before, lost) => {
      if (before !== undefined) this.#leaving.add(before);
      this.#move(direction, transport, lost)
        .then(() => before && this.#leave(before, lost))
        .then(() => this.#verify(direction, transport))
        .catch((error: unknown) => this.events.emit('warned', asAppError(error)));
    });
    path.events.on('repairing', (recovery) => this.#repaired(direction, recovery));
    path.events.on('repaired', () => this.#repaired(direction, undefined));
    path.events.on('warned', (error) => this.events.emit('warned', error));
    return path;
  }

  /** Resolves when the transport before is no longer needed. */
  async #move(direction: Direction, transport: types.Transport, lost: boolean): Promise<void> {
    const { sending, receiving, clock } = this.#deps;
    if (direction === 'send') {
      const { released } = await sending.moveTo({ transport, codecs: this.#device?.media.sendCodecs ?? [] });
      if (lost) return;
      await elapsed(overlapMs, clock);
      await Promise.race([released, elapsed(releaseWithinMs, clock)]);
    } else {
      receiving.moveTo(transport);
      // The server opens everything there now.
      await elapsed(overlapMs, clock);
      await receiving.settled();
    }
  }

  /** A standby that looked well and is not: then the slow way is taken. Nobody may be left without media. */
  async #verify(direction: Direction, transport: types.Transport): Promise<void> {
    const { receiving, clock } = this.#deps;
    await elapsed(verifyAfterMs, clock);
    const path = this.#paths[direction];
    const current = () => path.transport === transport && !transport.closed;
    if (!current()) return;
    const works =
      transport.connectionState === 'connected' && (direction === 'send' || (await receiving.flows()) || !current());
    if (!works) path.distrust('lost');
  }

  #leave(transport: types.Transport, lost: boolean): void {
    this.#leaving.delete(transport);
    transport.close();
    if (!lost) this.#deps.call('closeTransport', { transportId: transport.id }).catch(() => undefined);
  }

  #broken(direction: Direction, transport: types.Transport): void {
    if (this.#standbys[direction] === transport) return this.#dropStandbys();
    this.#paths[direction].lose(transport.id);
  }

  #dropStandbys(): void {
    for (const direction of directions) this.#standbys[direction]?.close();
    this.#standbys.send = undefined;
    this.#standbys.receive = undefined;
  }

  #repaired(direction: Direction, recovery: Recovery | undefined): void {
    this.#repairs[direction] = recovery;
    this.events.emit('repairing', this.#repairs.send ?? this.#repairs.receive);
  }
}
