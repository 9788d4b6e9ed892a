import { AppError, Emitter } from '@potluck/kernel';
import {
  ConsumerId,
  DataConsumerId,
  DataProducerId,
  ProducerId,
  TransportId,
  type ConsumerLayers,
  type DtlsParameters,
  type IceParameters,
  type RoomId,
  type RtpCapabilities,
  type WebRtcTransportInfo,
} from '@potluck/protocol';
import type {
  Consumed,
  ConsumeDataOptions,
  ConsumeOptions,
  DataConsumed,
  MediaObject,
  PlainRemote,
  PlainTransportInfo,
  PlainTransportOptions,
  ProduceDataOptions,
  Produced,
  ProduceOptions,
  RoomMedia,
  RoomMediaSummary,
  WebRtcTransportOptions,
} from '../../server/src/media/fabric.ts';
import { FakeCalls } from './fake-calls.ts';
import {
  dropDataProducer,
  dropProducer,
  dropTransport,
  find,
  hasCodec,
  iceParameters,
  mediaCodec,
  nextId,
  nextNumber,
  ssrcsOf,
  webRtcTransportInfo,
  type FakeConsumer,
  type FakeDataConsumer,
  type FakeDataProducer,
  type FakeProducer,
  type FakeObjects,
  type FakeTransport,
} from './fake-media-objects.ts';
import { fakeRtpCapabilities } from './fake-rtp.ts';

/** What may be held or made to fail. */
export type FakeMethod = {
  [K in keyof RoomMedia]: RoomMedia[K] extends (...args: never[]) => Promise<unknown> ? K : never;
}[keyof RoomMedia];

/**
 * The media of one room in memory. Fire its events with `events.emit(…)`, `loseTransports` and `receiveData`; look at
 * what it holds in its maps and at what was asked of it in `calls`.
 */
export class FakeRoomMedia implements RoomMedia, FakeObjects {
  readonly roomId: RoomId;
  readonly rtpCapabilities: RtpCapabilities = fakeRtpCapabilities;
  readonly events: RoomMedia['events'] = new Emitter();
  readonly transports = new Map<TransportId, FakeTransport>();
  /** What `stats` says of a transport besides its id. */
  readonly transportStats = new Map<TransportId, object>();
  readonly producers = new Map<ProducerId, FakeProducer>();
  readonly consumers = new Map<ConsumerId, FakeConsumer>();
  readonly dataProducers = new Map<DataProducerId, FakeDataProducer>();
  readonly dataConsumers = new Map<DataConsumerId, FakeDataConsumer>();
  readonly calls = new FakeCalls<FakeMethod>();
  /** How many workers there seem to be. */
  workers = 1;
  readonly #workers = new Map<TransportId, number>();
  #closed = false;

  constructor(roomId: RoomId) {
    this.roomId = roomId;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Transports die with all that stands on them, as with their worker: all of them, or those given. */
  loseTransports(reason: string, ids: Iterable<TransportId> = this.transports.keys()): void {
    const lost = [...ids].filter((id) => this.#dropTransport(id));
    for (const transportId of lost) this.events.emit('transportLost', { transportId, reason });
  }

  /** A message comes in on a data producer; it is told only if somebody listens, as in the real one. */
  receiveData(
    dataProducerId: DataProducerId,
    message: string | Uint8Array,
    ppid = typeof message === 'string' ? 51 : 53,
  ): void {
    if (!this.dataProducers.get(dataProducerId)?.listened) return;
    const bytes = typeof message === 'string' ? new TextEncoder().encode(message) : message;
    this.events.emit('dataReceived', { dataProducerId, message: bytes, ppid });
  }

  async openWebRtcTransport(options: WebRtcTransportOptions): Promise<WebRtcTransportInfo> {
    await this.#enter('openWebRtcTransport', options);
    const { near, awayFrom, apart, on } = options;
    const other = awayFrom === undefined ? undefined : this.workerOf(awayFrom);
    if (apart && this.workers < 2) throw new AppError('unavailable', 'there is no other media worker');
    const transport = this.#addTransport({ kind: 'webrtc', ...options });
    const worker = other === undefined ? ((near && this.workerOf(near)) ?? 0) : (other + 1) % this.workers;
    this.#workers.set(transport.id, on !== undefined && on < this.workers ? on : worker);
    return webRtcTransportInfo(transport.id, options);
  }

  async connectWebRtcTransport(id: TransportId, dtlsParameters: DtlsParameters): Promise<void> {
    await this.#enter('connectWebRtcTransport', id, dtlsParameters);
    const transport = this.#transport(id, 'webrtc');
    if (transport.connected) throw new AppError('conflict', 'the transport is already connected');
    transport.connected = dtlsParameters;
  }

  async restartIce(id: TransportId): Promise<IceParameters> {
    await this.#enter('restartIce', id);
    const transport = this.#transport(id, 'webrtc');
    transport.iceRestarts += 1;
    return iceParameters(transport.iceRestarts);
  }

  async expectDownlink(id: TransportId, bitrate: number): Promise<void> {
    await this.#enter('expectDownlink', id, bitrate);
    this.#transport(id, 'webrtc');
  }

  async openPlainTransport(options: PlainTransportOptions): Promise<PlainTransportInfo> {
    await this.#enter('openPlainTransport', options);
    const { id } = this.#addTransport({ kind: 'plain', ...options });
    return { id, ip: '127.0.0.1', port: 40_000, ...(!options.rtcpMux && { rtcpPort: 40_001 }) };
  }

  async connectPlainTransport(id: TransportId, remote: PlainRemote): Promise<void> {
    await this.#enter('connectPlainTransport', id, remote);
    const transport = this.#transport(id, 'plain');
    if (transport.connected) throw new AppError('conflict', 'the transport is already connected');
    transport.connected = remote;
  }

  workerOf(id: TransportId): number | undefined {
    return this.#workers.get(id);
  }

  closeTransport(id: TransportId): void {
    this.calls.note('closeTransport', id);
    this.#dropTransport(id);
  }

  async produce(transportId: TransportId, options: ProduceOptions): Promise<Produced> {
    await this.#enter('produce', transportId, options);
    this.#transport(transportId);
    const { kind, rtpParameters } = options;
    const codec = mediaCodec(rtpParameters);
    if (!codec?.startsWith(`${kind}/`)) throw new AppError('bad_request', `these are no ${kind} parameters`);
    if (!hasCodec(this.rtpCapabilities, codec)) throw new AppError('unsupported', `the room does not have ${codec}`);
    const encodings = rtpParameters.encodings ?? [];
    if (!encodings.every(({ ssrc, rid }) => ssrc !== undefined || rid !== undefined)) {
      throw new AppError('bad_request', 'an encoding without SSRC and RID');
    }
    const taken = [...this.producers.values()].filter((other) => other.transportId === transportId).flatMap(ssrcsOf);
    if (ssrcsOf(options).some((ssrc) => taken.includes(ssrc))) throw new AppError('conflict', 'SSRC in use');
    const id = ProducerId.parse(nextId('producer'));
    const type = encodings.length > 1 ? 'simulcast' : 'simple';
    this.producers.set(id, { ...options, id, transportId, type });
    return { id, type };
  }

  async pauseProducer(id: ProducerId): Promise<void> {
    await this.#enter('pauseProducer', id);
    find(this.producers, id, 'producer').paused = true;
  }

  async resumeProducer(id: ProducerId): Promise<void> {
    await this.#enter('resumeProducer', id);
    find(this.producers, id, 'producer').paused = false;
  }

  closeProducer(id: ProducerId): void {
    this.calls.note('closeProducer', id);
    dropProducer(this, id);
  }

  /** Nothing makes it wait here, unless a test does. */
  inTurn = (_transportId: TransportId, _consumers: number, work: () => Promise<void>): Promise<void> => work();

  async consume(transportId: TransportId, options: ConsumeOptions): Promise<Consumed> {
    await this.#enter('consume', transportId, options);
    this.#transport(transportId);
    const producer = find(this.producers, options.producerId, 'producer');
    const codec = mediaCodec(producer.rtpParameters) ?? '';
    if (!hasCodec(options.rtpCapabilities, codec)) {
      throw new AppError('unsupported', `these capabilities cannot receive ${codec}`);
    }
    const id = ConsumerId.parse(nextId('consumer'));
    this.consumers.set(id, { ...options, id, transportId, priority: 1, keyFrameRequests: 0 });
    return {
      id,
      kind: producer.kind,
      type: producer.type,
      rtpParameters: {
        ...producer.rtpParameters,
        mid: String(this.consumers.size - 1),
        encodings: [{ ssrc: nextNumber() }],
      },
      producerPaused: producer.paused,
      score: { score: 10, producerScore: 10, producerScores: [] },
    };
  }

  async pauseConsumer(id: ConsumerId): Promise<void> {
    await this.#enter('pauseConsumer', id);
    find(this.consumers, id, 'consumer').paused = true;
  }

  async resumeConsumer(id: ConsumerId): Promise<void> {
    await this.#enter('resumeConsumer', id);
    find(this.consumers, id, 'consumer').paused = false;
  }

  async setPreferredLayers(id: ConsumerId, layers: ConsumerLayers): Promise<void> {
    await this.#enter('setPreferredLayers', id, layers);
    find(this.consumers, id, 'consumer').preferredLayers = layers;
  }

  async setPriority(id: ConsumerId, priority: number): Promise<void> {
    await this.#enter('setPriority', id, priority);
    find(this.consumers, id, 'consumer').priority = priority;
  }

  async requestKeyFrame(id: ConsumerId): Promise<void> {
    await this.#enter('requestKeyFrame', id);
    find(this.consumers, id, 'consumer').keyFrameRequests += 1;
  }

  closeConsumer(id: ConsumerId): void {
    this.calls.note('closeConsumer', id);
    this.consumers.delete(id);
  }

  async produceData(transportId: TransportId, options: ProduceDataOptions): Promise<DataProducerId> {
    await this.#enter('produceData', transportId, options);
    const { options: opened } = this.#transport(transportId);
    if (opened.kind === 'plain' || !opened.sctp) throw new AppError('conflict', 'a transport without data channels');
    return this.#addDataProducer(transportId, options);
  }

  closeDataProducer(id: DataProducerId): void {
    this.calls.note('closeDataProducer', id);
    dropDataProducer(this, id);
  }

  async consumeData(transportId: TransportId, options: ConsumeDataOptions): Promise<DataConsumed> {
    await this.#enter('consumeData', transportId, options);
    this.#transport(transportId);
    const { label, protocol, sctpStreamParameters } = find(this.dataProducers, options.dataProducerId, 'data producer');
    const { dataProducerId: _, ...own } = options;
    const id = DataConsumerId.parse(nextId('dataConsumer'));
    const streamId = [...this.dataConsumers.values()].filter((other) => other.transportId === transportId).length;
    this.dataConsumers.set(id, { ...options, id, transportId });
    return { id, label, protocol, sctpStreamParameters: { ordered: true, ...sctpStreamParameters, ...own, streamId } };
  }

  closeDataConsumer(id: DataConsumerId): void {
    this.calls.note('closeDataConsumer', id);
    this.dataConsumers.delete(id);
  }

  async openServerData(options: { label: string; protocol: string }): Promise<DataProducerId> {
    await this.#enter('openServerData', options);
    return this.#addDataProducer(undefined, options);
  }

  sendData(id: DataProducerId, message: string | Uint8Array): void {
    this.calls.note('sendData', id, message);
    find(this.dataProducers, id, 'data producer').sent.push(message);
  }

  async listenData(id: DataProducerId): Promise<void> {
    await this.#enter('listenData', id);
    find(this.dataProducers, id, 'data producer').listened = true;
  }

  async stats(of: MediaObject): Promise<object[]> {
    await this.#enter('stats', of);
    const maps = {
      transport: this.transports,
      producer: this.producers,
      consumer: this.consumers,
      dataProducer: this.dataProducers,
      dataConsumer: this.dataConsumers,
    };
    find<string, unknown>(maps[of.kind], of.id, of.kind);
    const counted = of.kind === 'transport' ? this.transportStats.get(of.id) : undefined;
    return [{ type: of.kind, id: of.id, timestamp: 0, ...counted }];
  }

  summary(): RoomMediaSummary {
    return {
      routers: this.#closed ? 0 : 1,
      transports: this.transports.size,
      producers: this.producers.size,
      consumers: this.consumers.size,
      dataProducers: this.dataProducers.size,
      dataConsumers: this.dataConsumers.size,
      pipes: 0,
    };
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.calls.note('close', reason);
    this.#closed = true;
    for (const map of [this.transports, this.producers, this.consumers, this.dataProducers, this.dataConsumers])
      map.clear();
    this.events.emit('closed', reason);
  }

  /** Always takes at least a microtask, as a worker takes at least a turn. */
  async #enter(method: FakeMethod, ...args: unknown[]): Promise<void> {
    this.calls.note(method, ...args);
    await this.calls.released(method);
    if (this.#closed) throw new AppError('unavailable', 'the room is closed');
    this.calls.failIfTold(method);
  }

  #addTransport(options: FakeTransport['options']): FakeTransport {
    const transport = { id: TransportId.parse(nextId('transport')), options, connected: undefined, iceRestarts: 0 };
    this.transports.set(transport.id, transport);
    return transport;
  }

  #addDataProducer(transportId: TransportId | undefined, options: ProduceDataOptions): DataProducerId {
    const id = DataProducerId.parse(nextId('dataProducer'));
    this.dataProducers.set(id, { ...options, id, transportId, listened: false, sent: [] });
    return id;
  }

  #transport(id: TransportId, kind?: FakeTransport['options']['kind']): FakeTransport {
    const transport = this.transports.get(id);
    if (!transport) throw new AppError('not_found', `transport "${id}" not found`, { missing: 'transport' });
    if (kind && transport.options.kind !== kind) throw new AppError('conflict', `this is no ${kind} transport`);
    return transport;
  }

  #dropTransport(id: TransportId): boolean {
    this.#workers.delete(id);
    return dropTransport(this, id);
  }
}
