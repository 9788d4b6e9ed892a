import type { types } from 'mediasoup';
import { AppError, type Emitter, type Tasks } from '@potluck/kernel';
import { TransportId, type IceParameters, type WebRtcTransportInfo } from '@potluck/protocol';
import type {
  PlainTransportInfo,
  PlainTransportOptions,
  RoomMediaEvents,
  RoomMediaSummary,
  WebRtcTransportOptions,
} from '../fabric.ts';
import type { MediaSettings } from '../settings.ts';
import type { Holdings, TransportEntry } from './holdings.ts';
import { RoomRouters, type RouterSource } from './room-routers.ts';
import type { RouterNode } from './router-node.ts';
import * as transports from './transport.ts';

export type RoomTransportsDeps = {
  readonly settings: MediaSettings;
  readonly source: RouterSource;
  readonly held: Holdings;
  readonly events: Emitter<RoomMediaEvents>;
  readonly tasks: Tasks;
};

type Wishes = Pick<WebRtcTransportOptions, 'near' | 'awayFrom' | 'apart' | 'on'>;

/** Opens a room's transports on the workers that suit them, and knows which stand on which worker. */
export class RoomTransports {
  readonly #deps: RoomTransportsDeps;
  readonly #routers: RoomRouters;

  constructor(deps: RoomTransportsDeps) {
    this.#deps = deps;
    this.#routers = new RoomRouters(deps.source, deps.settings.maxSctpMessageSize);
  }

  get closed(): boolean {
    return this.#routers.closed;
  }

  get routers(): RoomMediaSummary['routers'] {
    return this.#routers.size;
  }

  /** The first router, so that the room's first client does not wait for it. */
  async openRouter(): Promise<void> {
    await this.#routers.place({}, async () => {});
  }

  openWebRtc(options: WebRtcTransportOptions): Promise<WebRtcTransportInfo> {
    const { settings, events, tasks } = this.#deps;
    return this.#place(options, async (node) => {
      const transport = await transports.makeWebRtcTransport(node, settings, options);
      const entry = this.#adopt(node, transport, options.apart);
      transports.watchWebRtcTransport(entry, transport, events);
      const { maxIncomingBitrate } = options;
      const { minOutgoingBitrate } = settings;
      // The worker takes requests in order: all hold before the client can connect, and nobody waits for them.
      if (maxIncomingBitrate > 0) {
        tasks.spawn('limit incoming bitrate', transport.setMaxIncomingBitrate(maxIncomingBitrate));
      }
      if (minOutgoingBitrate > 0) {
        tasks.spawn('keep up outgoing bitrate', transport.setMinOutgoingBitrate(minOutgoingBitrate));
      }
      if (options.reportDownlink) tasks.spawn('trace downlink', transport.enableTraceEvent(['bwe']));
      return transports.webRtcTransportInfo(transport, settings.announcedAddresses);
    });
  }

  openPlain(options: PlainTransportOptions): Promise<PlainTransportInfo> {
    const { settings } = this.#deps;
    return this.#place({}, async (node) => {
      const transport = await transports.makePlainTransport(node, settings, options);
      this.#adopt(node, transport);
      return transports.plainTransportInfo(transport, settings);
    });
  }

  /** `not_found` for one that the room does not hold. */
  get(id: TransportId): TransportEntry {
    const entry = this.#deps.held.transports.get(id);
    if (entry === undefined) throw new AppError('not_found', `transport "${id}" not found`, { missing: 'transport' });
    return entry;
  }

  /** `conflict` for one of the other kind. */
  webRtc(id: TransportId): types.WebRtcTransport {
    const { transport } = this.get(id);
    if (transport.type !== 'webrtc') throw new AppError('conflict', `transport "${id}" is no WebRTC transport`);
    return transport;
  }

  /** `conflict` for one of the other kind. */
  plain(id: TransportId): types.PlainTransport {
    const { transport } = this.get(id);
    if (transport.type !== 'plain') throw new AppError('conflict', `transport "${id}" is no plain transport`);
    return transport;
  }

  /** The credentials that hold from now on (RFC 8445 §9). */
  async restartIce(id: TransportId): Promise<IceParameters> {
    return transports.iceParameters(await this.webRtc(id).restartIce());
  }

  expectDownlink(id: TransportId, bitrate: number): void {
    const { settings, tasks } = this.#deps;
    const expecting = transports.expectDownlink(this.get(id), bitrate, settings.minOutgoingBitrate, tasks);
    tasks.spawn('expect downlink', expecting);
  }

  /** Index of the worker that carries it. */
  workerOf(id: TransportId): number | undefined {
    return this.#deps.held.transports.get(id)?.node.slot.index;
  }

  on(worker: number): TransportEntry[] {
    return [...this.#deps.held.transports.values()].filter(({ node }) => node.slot.index === worker);
  }

  /** A router whose worker has died. What stood on it; `undefined` if it was none of this room. */
  lose(lost: RouterNode): TransportEntry[] | undefined {
    if (!this.#routers.lose(lost)) return undefined;
    return [...this.#deps.held.transports.values()].filter(({ node }) => node === lost);
  }

  refuseClosed(): void {
    this.#routers.refuseClosed();
  }

  /** Closing a router closes all on it: the holdings only have to be told. */
  close(): void {
    this.#routers.close();
  }

  #place<T>({ near, awayFrom, apart, on }: Wishes, make: (node: RouterNode) => Promise<T>): Promise<T> {
    const workerOf = (id?: TransportId) => (id === undefined ? undefined : this.workerOf(id));
    return this.#routers.place({ near: workerOf(near), awayFrom: workerOf(awayFrom), apart, on }, make);
  }

  #adopt(node: RouterNode, transport: TransportEntry['transport'], standby = false): TransportEntry {
    if (this.closed || transport.closed) {
      transport.close();
      this.refuseClosed();
      throw new AppError('unavailable', 'the media worker has ended');
    }
    const entry: TransportEntry = {
      id: TransportId.parse(transport.id),
      node,
      transport,
      producers: new Set(),
      consumers: new Set(),
      dataProducers: new Set(),
      dataConsumers: new Set(),
      standby,
      closed: false,
    };
    this.#deps.held.addTransport(entry);
    return entry;
  }
}
