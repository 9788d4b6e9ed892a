import type { types } from 'mediasoup';
import { AppError, assertNever, Emitter, systemClock, Tasks, type Logger } from '@potluck/kernel';
import type {
  ConsumerId,
  ConsumerLayers,
  DataConsumerId,
  DataProducerId,
  DtlsParameters,
  IceParameters,
  ProducerId,
  RoomId,
  RtpCapabilities,
  WebRtcTransportInfo,
} from '@potluck/protocol';
import { TransportId } from '@potluck/protocol';
import type * as port from '../fabric.ts';
import type { MediaSettings } from '../settings.ts';
import type { CapabilityReducer } from './codecs.ts';
import { Consumers } from './consumer.ts';
import { DataChannels } from './data.ts';
import { asking, submitting } from './faults.ts';
import { find, Holdings, setFlowing, type ProducerEntry, type TransportEntry } from './holdings.ts';
import { LayerNudge } from './layer-nudge.ts';
import { Pipes } from './pipe.ts';
import { makeProducer, setPaused, toProducerScores } from './producer.ts';
import { RoomRouters, type RouterSource } from './room-routers.ts';
import type { RouterNode } from './router-node.ts';
import { Speakers } from './speakers.ts';
import * as transports from './transport.ts';

export type RoomMediaDeps = {
  readonly settings: MediaSettings;
  readonly rtpCapabilities: RtpCapabilities;
  readonly reducer: CapabilityReducer;
  readonly source: RouterSource;
  readonly log: Logger;
};

type Wishes = Pick<port.WebRtcTransportOptions, 'near' | 'awayFrom' | 'apart' | 'on'>;

/** The media of one room on local workers. */
export class LocalRoomMedia implements port.RoomMedia {
  readonly roomId: RoomId;
  readonly rtpCapabilities: RtpCapabilities;
  readonly events = new Emitter<port.RoomMediaEvents>((error) => this.#log.error('a listener threw', { error }));
  readonly #settings: MediaSettings;
  readonly #log: Logger;
  readonly #tasks: Tasks;
  readonly #routers: RoomRouters;
  readonly #pipes: Pipes;
  readonly #held = new Holdings();
  readonly #speakers: Speakers;
  readonly #consumers: Consumers;
  readonly #data: DataChannels;
  readonly #nudge: LayerNudge;
  #closed = false;

  constructor(roomId: RoomId, deps: RoomMediaDeps) {
    const { settings } = deps;
    const { maxSctpMessageSize, rtcMinPort, rtcMaxPort } = settings;
    this.roomId = roomId;
    this.rtpCapabilities = deps.rtpCapabilities;
    this.#settings = settings;
    this.#log = deps.log.child('room', { roomId });
    this.#tasks = new Tasks((task, error) => this.#log.debug('background work failed', { task, error }));
    this.#routers = new RoomRouters(deps.source, maxSctpMessageSize);
    const portRange = { min: rtcMinPort, max: rtcMaxPort };
    this.#pipes = new Pipes({ maxMessageSize: maxSctpMessageSize, portRange, tasks: this.#tasks });
    this.#nudge = new LayerNudge(systemClock, this.#tasks);
    this.#speakers = new Speakers(this.events);
    this.#consumers = new Consumers(this.#held, deps.reducer, this.events);
    this.#data = new DataChannels(this.#held, this.#pipes, this.events, maxSctpMessageSize);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The first router, so that the room's first client does not wait for it. */
  async start(): Promise<void> {
    await asking('open room', () => this.#routers.place({}, async () => {}));
  }

  openWebRtcTransport(options: port.WebRtcTransportOptions): Promise<WebRtcTransportInfo> {
    return asking('open transport', () =>
      this.#place(options, async (node) => {
        const transport = await transports.makeWebRtcTransport(node, this.#settings, options);
        const entry = this.#adopt(node, transport, options.apart);
        transports.watchWebRtcTransport(entry, transport, this.events);
        const { maxIncomingBitrate } = options;
        const { minOutgoingBitrate } = this.#settings;
        // The worker takes requests in order: all hold before the client can connect, and nobody waits for them.
        if (maxIncomingBitrate > 0) {
          this.#tasks.spawn('limit incoming bitrate', transport.setMaxIncomingBitrate(maxIncomingBitrate));
        }
        if (minOutgoingBitrate > 0) {
          this.#tasks.spawn('keep up outgoing bitrate', transport.setMinOutgoingBitrate(minOutgoingBitrate));
        }
        if (options.reportDownlink) this.#tasks.spawn('trace downlink', transport.enableTraceEvent(['bwe']));
        return transports.webRtcTransportInfo(transport, this.#settings.announcedAddresses);
      }),
    );
  }

  connectWebRtcTransport(id: TransportId, dtlsParameters: DtlsParameters): Promise<void> {
    return submitting('connect transport', () => this.#webRtc(id).connect({ dtlsParameters }));
  }

  restartIce(id: TransportId): Promise<IceParameters> {
    return asking('restart ICE', async () => {
      const { usernameFragment, password, iceLite } = await this.#webRtc(id).restartIce();
      return { usernameFragment, password, ...(iceLite !== undefined && { iceLite }) };
    });
  }

  async expectDownlink(id: TransportId, bitrate: number): Promise<void> {
    const entry = this.#transport(id);
    const { minOutgoingBitrate } = this.#settings;
    this.#tasks.spawn('expect downlink', transports.expectDownlink(entry, bitrate, minOutgoingBitrate, this.#tasks));
  }

  openPlainTransport(options: port.PlainTransportOptions): Promise<port.PlainTransportInfo> {
    return asking('open plain transport', () =>
      this.#place({}, async (node) => {
        const transport = await transports.makePlainTransport(node, this.#settings, options);
        this.#adopt(node, transport);
        return transports.plainTransportInfo(transport, this.#settings);
      }),
    );
  }

  connectPlainTransport(id: TransportId, remote: port.PlainRemote): Promise<void> {
    return submitting('connect plain transport', async () => {
      const { transport } = this.#transport(id);
      if (transport.type !== 'plain') throw new AppError('conflict', `transport "${id}" is no plain transport`);
      await transport.connect(remote);
    });
  }

  closeTransport(id: TransportId): void {
    const entry = this.#held.transports.get(id);
    if (entry) this.#dropTransport(entry);
  }

  workerOf(id: TransportId): number | undefined {
    return this.#held.transports.get(id)?.node.slot.index;
  }

  produce(transportId: TransportId, options: port.ProduceOptions): Promise<port.Produced> {
    return submitting('produce', async () => {
      const on = this.#transport(transportId);
      const entry = await makeProducer(on, options, this.#pipes);
      if (on.closed) {
        entry.producer.close();
        throw new AppError('not_found', `transport "${transportId}" was closed meanwhile`);
      }
      const { id, producer } = entry;
      this.#held.addProducer(entry);
      producer.on('score', (scores) => {
        if (!entry.closed) this.events.emit('producerScored', { producerId: id, score: toProducerScores(scores) });
      });
      if (options.kind === 'audio') this.#tasks.spawn('observe speaker', this.#speakers.observe(on.node, producer));
      return { id, type: producer.type };
    });
  }

  pauseProducer(id: ProducerId): Promise<void> {
    return asking('pause producer', () => setPaused(find(this.#held.producers, id, 'producer'), true));
  }

  resumeProducer(id: ProducerId): Promise<void> {
    return asking('resume producer', () => setPaused(find(this.#held.producers, id, 'producer'), false));
  }

  closeProducer(id: ProducerId): void {
    const entry = this.#held.producers.get(id);
    if (entry) this.#dropProducer(entry);
  }

  async inTurn(transportId: TransportId, consumers: number, work: () => Promise<void>): Promise<void> {
    const lane = this.#held.transports.get(transportId)?.node.lane;
    // Of a transport that is gone, `consume` says so.
    await (lane === undefined ? work() : lane.run(work, consumers));
  }

  consume(transportId: TransportId, options: port.ConsumeOptions): Promise<port.Consumed> {
    return submitting('consume', async () => {
      const of = find(this.#held.producers, options.producerId, 'producer');
      return this.#consumers.open(this.#transport(transportId), of, options);
    });
  }

  pauseConsumer(id: ConsumerId): Promise<void> {
    return asking('pause consumer', () => {
      const entry = find(this.#held.consumers, id, 'consumer');
      setFlowing(entry, false);
      return entry.consumer.pause();
    });
  }

  resumeConsumer(id: ConsumerId): Promise<void> {
    return asking('resume consumer', () => {
      const entry = find(this.#held.consumers, id, 'consumer');
      // Its end first: a key frame that the pipe asks for then finds it open.
      const resumed = entry.consumer.resume();
      setFlowing(entry, true);
      this.#nudge.watch(entry.consumer);
      return resumed;
    });
  }

  setPreferredLayers(id: ConsumerId, layers: ConsumerLayers): Promise<void> {
    return submitting('set preferred layers', () => this.#consumer(id).setPreferredLayers(layers));
  }

  setPriority(id: ConsumerId, priority: number): Promise<void> {
    return submitting('set priority', () => this.#consumer(id).setPriority(priority));
  }

  requestKeyFrame(id: ConsumerId): Promise<void> {
    return asking('request key frame', () => this.#consumer(id).requestKeyFrame());
  }

  closeConsumer(id: ConsumerId): void {
    const entry = this.#held.consumers.get(id);
    if (entry) this.#held.dropConsumer(entry);
  }

  produceData(transportId: TransportId, options: port.ProduceDataOptions): Promise<DataProducerId> {
    return submitting('produce data', async () => this.#data.produce(this.#transport(transportId), options));
  }

  closeDataProducer(id: DataProducerId): void {
    const entry = this.#held.dataProducers.get(id);
    if (entry) this.#held.dropDataProducer(entry);
  }

  consumeData(transportId: TransportId, options: port.ConsumeDataOptions): Promise<port.DataConsumed> {
    return submitting('consume data', async () => {
      const of = find(this.#held.dataProducers, options.dataProducerId, 'data producer');
      return this.#data.consume(this.#transport(transportId), of, options);
    });
  }

  closeDataConsumer(id: DataConsumerId): void {
    const entry = this.#held.dataConsumers.get(id);
    if (entry) this.#held.dropDataConsumer(entry);
  }

  async openServerData(options: { label: string; protocol: string }): Promise<DataProducerId> {
    this.#refuseClosed();
    return this.#data.openServer(options);
  }

  sendData(id: DataProducerId, message: string | Uint8Array): void {
    this.#data.send(find(this.#held.dataProducers, id, 'data producer'), message);
  }

  listenData(id: DataProducerId): Promise<void> {
    return asking('listen to data', async () => this.#data.listen(find(this.#held.dataProducers, id, 'data producer')));
  }

  stats(of: port.MediaObject): Promise<object[]> {
    return asking('get stats', () => this.#stats(of));
  }

  summary(): port.RoomMediaSummary {
    const { transports: open, producers, consumers, dataProducers, dataConsumers } = this.#held;
    return {
      routers: this.#routers.size,
      transports: open.size,
      producers: producers.size,
      consumers: consumers.size,
      dataProducers: dataProducers.size,
      dataConsumers: dataConsumers.size,
      pipes: this.#pipes.size,
    };
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#speakers.close();
    this.#nudge.close();
    // Closing a router closes all on it: the entries only have to know that they are gone.
    this.#routers.close();
    for (const entry of this.#held.dataProducers.values()) this.#held.dropDataProducer(entry);
    for (const entry of this.#held.transports.values()) this.#held.dropTransport(entry);
    this.events.emit('closed', reason);
  }

  /** The worker under one of the room's routers has died. All is forgotten before anyone is told. */
  lose(node: RouterNode, reason: string): void {
    if (!this.#routers.lose(node)) return;
    this.#speakers.lose(node);
    const lost = [...this.#held.transports.values()].filter((entry) => entry.node === node);
    for (const entry of lost) this.#dropTransport(entry);
    for (const { branches } of this.#held.producers.values()) branches.lose(node);
    for (const { branches } of this.#held.dataProducers.values()) branches.lose(node);
    for (const { id } of lost) this.events.emit('transportLost', { transportId: id, reason });
  }

  /**
   * Asks the owners of what is on a worker to move it: of all, or of so many transports; anywhere, or to one worker. How
   * many are concerned.
   */
  askToMove(worker: number, most = Infinity, to?: number): number {
    const there = [...this.#held.transports.values()].filter(({ node }) => node.slot.index === worker);
    // Moving what is idle relieves nobody.
    const chosen = most < there.length ? there.filter(({ standby }) => !standby).slice(0, most) : there;
    if (chosen.length === 0) return 0;
    const some = chosen.length < there.length && { only: new Set(chosen.map(({ id }) => id)) };
    this.events.emit('moveWanted', { worker, ...(to !== undefined && { to }), ...some });
    return chosen.length;
  }

  async #place<T>(wishes: Wishes, make: (node: RouterNode) => Promise<T>): Promise<T> {
    this.#refuseClosed();
    const workerOf = (id?: TransportId) => (id === undefined ? undefined : this.workerOf(id));
    const { near, awayFrom, apart, on } = wishes;
    return this.#routers.place({ near: workerOf(near), awayFrom: workerOf(awayFrom), apart, on }, make);
  }

  #adopt(node: RouterNode, transport: TransportEntry['transport'], standby = false): TransportEntry {
    if (this.#closed || transport.closed) {
      transport.close();
      this.#refuseClosed();
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
    this.#held.addTransport(entry);
    return entry;
  }

  #refuseClosed(): void {
    if (this.#closed) throw new AppError('unavailable', 'the room is closed');
  }

  #transport(id: TransportId): TransportEntry {
    return find(this.#held.transports, id, 'transport');
  }

  #webRtc(id: TransportId): types.WebRtcTransport {
    const { transport } = this.#transport(id);
    if (transport.type !== 'webrtc') throw new AppError('conflict', `transport "${id}" is no WebRTC transport`);
    return transport;
  }

  #consumer(id: ConsumerId): types.Consumer {
    return find(this.#held.consumers, id, 'consumer').consumer;
  }

  #dropTransport(entry: TransportEntry): void {
    for (const { id } of entry.producers) this.#speakers.forget(id);
    this.#held.dropTransport(entry);
  }

  #dropProducer(entry: ProducerEntry): void {
    this.#speakers.forget(entry.id);
    this.#held.dropProducer(entry);
  }

  async #stats(of: port.MediaObject): Promise<object[]> {
    switch (of.kind) {
      case 'transport':
        return this.#transport(of.id).transport.getStats();
      case 'producer':
        return find(this.#held.producers, of.id, 'producer').producer.getStats();
      case 'consumer':
        return this.#consumer(of.id).getStats();
      case 'dataProducer':
        return (await find(this.#held.dataProducers, of.id, 'data producer').producer?.getStats()) ?? [];
      case 'dataConsumer':
        return find(this.#held.dataConsumers, of.id, 'data consumer').consumer.getStats();
      default:
        return assertNever(of);
    }
  }
}
