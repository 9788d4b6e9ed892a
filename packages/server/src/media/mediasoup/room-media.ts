import { Emitter, isGone, Tasks, type Logger } from '@potluck/kernel';
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
  TransportId,
  WebRtcTransportInfo,
} from '@potluck/protocol';
import type * as port from '../fabric.ts';
import type { MediaSettings } from '../settings.ts';
import type { CapabilityReducer } from './codecs.ts';
import { Consumers } from './consumer.ts';
import { DataChannels } from './data.ts';
import { asking, submitting, toFault } from './faults.ts';
import {
  closedMeanwhile,
  find,
  Holdings,
  type ConsumerEntry,
  type ProducerEntry,
  type TransportEntry,
} from './holdings.ts';
import { Pipes } from './pipe.ts';
import { makeProducer, setPaused, toProducerScores } from './producer.ts';
import { RoomTransports } from './room-transports.ts';
import type { RouterSource } from './room-routers.ts';
import type { RouterNode } from './router-node.ts';
import { Speakers } from './speakers.ts';
import { statsOf } from './stats.ts';

export type RoomMediaDeps = {
  readonly settings: MediaSettings;
  readonly rtpCapabilities: RtpCapabilities;
  readonly reducer: CapabilityReducer;
  readonly source: RouterSource;
  readonly log: Logger;
};

/** The media of one room on local workers. */
export class LocalRoomMedia implements port.RoomMedia {
  readonly roomId: RoomId;
  readonly rtpCapabilities: RtpCapabilities;
  readonly events = new Emitter<port.RoomMediaEvents>((error) => this.#log.error('a listener threw', { error }));
  readonly #log: Logger;
  readonly #tasks: Tasks;
  readonly #pipes: Pipes;
  readonly #held = new Holdings();
  readonly #transports: RoomTransports;
  readonly #speakers: Speakers;
  readonly #consumers: Consumers;
  readonly #data: DataChannels;

  constructor(roomId: RoomId, { settings, source, reducer, ...deps }: RoomMediaDeps) {
    const { maxSctpMessageSize: maxMessageSize, rtcMinPort, rtcMaxPort } = settings;
    const { events } = this;
    this.roomId = roomId;
    this.rtpCapabilities = deps.rtpCapabilities;
    this.#log = deps.log.child('room', { roomId });
    const held = this.#held;
    const tasks = new Tasks((task, error) => {
      const level = isGone(toFault(error, task)) ? 'debug' : 'warn';
      this.#log[level]('background work failed', { task, error });
    });
    this.#tasks = tasks;
    this.#transports = new RoomTransports({ settings, source, held, events, tasks });
    this.#pipes = new Pipes({ maxMessageSize, portRange: { min: rtcMinPort, max: rtcMaxPort }, tasks });
    this.#speakers = new Speakers(events);
    this.#consumers = new Consumers({ held, reducer, events, tasks });
    this.#data = new DataChannels(held, this.#pipes, events, maxMessageSize);
  }

  get closed(): boolean {
    return this.#transports.closed;
  }

  /** The first router, so that the room's first client does not wait for it. */
  async start(): Promise<void> {
    await asking('open room', () => this.#transports.openRouter());
  }

  openWebRtcTransport(options: port.WebRtcTransportOptions): Promise<WebRtcTransportInfo> {
    return asking('open transport', () => this.#transports.openWebRtc(options));
  }

  connectWebRtcTransport(id: TransportId, dtlsParameters: DtlsParameters): Promise<void> {
    return submitting('connect transport', async () => this.#transports.webRtc(id).connect({ dtlsParameters }));
  }

  restartIce(id: TransportId): Promise<IceParameters> {
    return asking('restart ICE', () => this.#transports.restartIce(id));
  }

  async expectDownlink(id: TransportId, bitrate: number): Promise<void> {
    this.#transports.expectDownlink(id, bitrate);
  }

  openPlainTransport(options: port.PlainTransportOptions): Promise<port.PlainTransportInfo> {
    return asking('open plain transport', () => this.#transports.openPlain(options));
  }

  connectPlainTransport(id: TransportId, remote: port.PlainRemote): Promise<void> {
    return submitting('connect plain transport', async () => this.#transports.plain(id).connect(remote));
  }

  closeTransport(id: TransportId): void {
    const entry = this.#held.transports.get(id);
    if (entry) this.#dropTransport(entry);
  }

  workerOf(id: TransportId): number | undefined {
    return this.#transports.workerOf(id);
  }

  produce(transportId: TransportId, options: port.ProduceOptions): Promise<port.Produced> {
    return submitting('produce', async () => {
      const on = this.#transports.get(transportId);
      const entry = await makeProducer(on, options, this.#pipes);
      if (on.closed) {
        entry.producer.close();
        throw closedMeanwhile(on);
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
      return this.#consumers.open(this.#transports.get(transportId), of, options);
    });
  }

  pauseConsumer(id: ConsumerId): Promise<void> {
    return asking('pause consumer', async () => this.#consumers.pause(this.#consumer(id)));
  }

  resumeConsumer(id: ConsumerId): Promise<void> {
    return asking('resume consumer', async () => this.#consumers.resume(this.#consumer(id)));
  }

  setPreferredLayers(id: ConsumerId, layers: ConsumerLayers): Promise<void> {
    return submitting('set preferred layers', () => this.#consumer(id).consumer.setPreferredLayers(layers));
  }

  setPriority(id: ConsumerId, priority: number): Promise<void> {
    return submitting('set priority', () => this.#consumer(id).consumer.setPriority(priority));
  }

  requestKeyFrame(id: ConsumerId): Promise<void> {
    return asking('request key frame', () => this.#consumer(id).consumer.requestKeyFrame());
  }

  closeConsumer(id: ConsumerId): void {
    const entry = this.#held.consumers.get(id);
    if (entry) this.#held.dropConsumer(entry);
  }

  produceData(transportId: TransportId, options: port.ProduceDataOptions): Promise<DataProducerId> {
    return submitting('produce data', async () => this.#data.produce(this.#transports.get(transportId), options));
  }

  closeDataProducer(id: DataProducerId): void {
    const entry = this.#held.dataProducers.get(id);
    if (entry) this.#held.dropDataProducer(entry);
  }

  consumeData(transportId: TransportId, options: port.ConsumeDataOptions): Promise<port.DataConsumed> {
    return submitting('consume data', async () => {
      const of = find(this.#held.dataProducers, options.dataProducerId, 'data producer');
      return this.#data.consume(this.#transports.get(transportId), of, options);
    });
  }

  closeDataConsumer(id: DataConsumerId): void {
    const entry = this.#held.dataConsumers.get(id);
    if (entry) this.#held.dropDataConsumer(entry);
  }

  async openServerData(options: { label: string; protocol: string }): Promise<DataProducerId> {
    this.#transports.refuseClosed();
    return this.#data.openServer(options);
  }

  sendData(id: DataProducerId, message: string | Uint8Array): void {
    this.#data.send(find(this.#held.dataProducers, id, 'data producer'), message);
  }

  listenData(id: DataProducerId): Promise<void> {
    return asking('listen to data', async () => this.#data.listen(find(this.#held.dataProducers, id, 'data producer')));
  }

  stats(of: port.MediaObject): Promise<object[]> {
    return asking('get stats', () => statsOf(this.#held, of));
  }

  summary(): port.RoomMediaSummary {
    return { routers: this.#transports.routers, ...this.#held.counts(), pipes: this.#pipes.size };
  }

  close(reason: string): void {
    if (this.closed) return;
    this.#speakers.close();
    this.#consumers.close();
    this.#transports.close();
    for (const entry of this.#held.dataProducers.values()) this.#held.dropDataProducer(entry);
    for (const entry of this.#held.transports.values()) this.#held.dropTransport(entry);
    this.events.emit('closed', reason);
  }

  /** The worker under one of the room's routers has died. All is forgotten before anyone is told. */
  lose(node: RouterNode, reason: string): void {
    const lost = this.#transports.lose(node);
    if (lost === undefined) return;
    this.#speakers.lose(node);
    for (const entry of lost) this.#dropTransport(entry);
    for (const { branches } of this.#held.producers.values()) branches.lose(node);
    for (const { branches } of this.#held.dataProducers.values()) branches.lose(node);
    for (const { id } of lost) this.events.emit('transportLost', { transportId: id, reason });
  }

  /**
   * Asks the owners of what is on a worker to move it: of all, or of so many transports that carry something; anywhere, or
   * to one worker. How many are concerned.
   */
  askToMove(worker: number, most = Infinity, to?: number): number {
    const there = this.#transports.on(worker);
    // Moving what is idle relieves nobody; but nothing stays where all is to go.
    const chosen = most === Infinity ? there : there.filter(({ standby }) => !standby).slice(0, most);
    if (chosen.length === 0) return 0;
    const some = chosen.length < there.length && { only: new Set(chosen.map(({ id }) => id)) };
    this.events.emit('moveWanted', { worker, ...(to !== undefined && { to }), ...some });
    return chosen.length;
  }

  #consumer(id: ConsumerId): ConsumerEntry {
    return find(this.#held.consumers, id, 'consumer');
  }

  #dropTransport(entry: TransportEntry): void {
    for (const { id } of entry.producers) this.#speakers.forget(id);
    this.#held.dropTransport(entry);
  }

  #dropProducer(entry: ProducerEntry): void {
    this.#speakers.forget(entry.id);
    this.#held.dropProducer(entry);
  }
}
