/**
 * The port between rooms and media: what a room may ask of its media, in plain data. No mediasoup object crosses it, and
 * every call could travel over a network. `media/mediasoup/` implements it with local workers, `testkit` in memory.
 */
import type { Emitter } from '@potluck/kernel';
import type {
  ConsumerId,
  ConsumerLayers,
  DataConsumerId,
  DataProducerId,
  DtlsParameters,
  IceParameters,
  MediaKind,
  ProducerId,
  RoomId,
  RtpCapabilities,
  RtpParameters,
  SctpStreamParameters,
  TransportId,
  WebRtcTransportInfo,
} from '@potluck/protocol';

export type MediaFabric = {
  /** Of every room, on whichever worker. */
  readonly rtpCapabilities: RtpCapabilities;
  /** Waits a few seconds while no worker runs, then rejects with `unavailable`. */
  openRoom(roomId: RoomId): Promise<RoomMedia>;
  /** One entry a worker, dead ones that are being replaced included. */
  workers(): WorkerInfo[];
  /**
   * The server is about to stop. Workers that end from now on are neither replaced nor told of: Ctrl-C in a terminal
   * reaches them as it reaches the server, while it is still saying goodbye.
   */
  retire(): void;
  /** Changes what the workers log, now and for workers to come. */
  setWorkerLog(settings: WorkerLog): Promise<void>;
  /**
   * Moves all media off a worker: clients that can do so build the new path before they leave the old one. What is left
   * after `withinMs` is ended as if the worker had died. The worker runs on and gets nothing new until `undrainWorker`.
   * `not_found` for an index that is none, `conflict` while no other worker could take over.
   */
  drainWorker(index: number, options?: { withinMs?: number }): Promise<Drained>;
  undrainWorker(index: number): void;
  readonly events: Emitter<{ workerDied: [worker: WorkerInfo]; workerStarted: [worker: WorkerInfo] }>;
};

/** Transports that left in time, and those that were ended. */
export type Drained = { readonly moved: number; readonly ended: number };

export type WorkerLog = { logLevel?: string; logTags?: readonly string[] };

export type WorkerInfo = {
  /** 0-based; its WebRtcServer listens on the base port plus this. */
  readonly index: number;
  readonly state: 'starting' | 'running' | 'dead';
  /** It gets nothing new, until `undrainWorker`. */
  readonly draining: boolean;
  readonly pid: number | undefined;
  readonly version: string;
  readonly routers: number;
  readonly transports: number;
  /** Of the transports, those that clients hold in reserve and that carry nothing. */
  readonly standbys: number;
  readonly producers: number;
  readonly consumers: number;
  /** Share of one core, 0 to 1, over the last measuring interval; 0 before the first. */
  readonly cpu: number;
  /** Resident memory in bytes, as last measured. */
  readonly memory: number;
};

/**
 * The media of one room. Ids that it does not hold are `not_found`, but closing what is not there is no error. Whatever
 * the caller closes is closed silently with all that stands on it: closing a transport ends its producers and consumers,
 * closing a producer ends its consumers everywhere. Events tell only what the caller did not do itself. What the caller
 * has closed while it was being made rejects with `not_found`, or `unavailable` if the whole room is closed; a worker
 * that dies meanwhile is `unavailable`.
 */
export type RoomMedia = {
  /** What the room's routers can receive and send; the same object for the life of the room. */
  readonly rtpCapabilities: RtpCapabilities;
  readonly closed: boolean;
  readonly events: Emitter<RoomMediaEvents>;

  openWebRtcTransport(options: WebRtcTransportOptions): Promise<WebRtcTransportInfo>;
  /** `conflict` when already connected, `bad_request` for DTLS parameters that the engine refuses. */
  connectWebRtcTransport(id: TransportId, dtlsParameters: DtlsParameters): Promise<void>;
  restartIce(id: TransportId): Promise<IceParameters>;
  /**
   * What the path to a client was found to carry, in bits a second, by another transport: for the next seconds this one does
   * not think it carries less. Otherwise it begins low, and pictures come in fewer frames until it has found out.
   */
  expectDownlink(id: TransportId, bitrate: number): Promise<void>;
  openPlainTransport(options: PlainTransportOptions): Promise<PlainTransportInfo>;
  /** Tells a plain transport without comedia where to send. */
  connectPlainTransport(id: TransportId, remote: PlainRemote): Promise<void>;
  closeTransport(id: TransportId): void;
  /** Index of the worker that carries a transport. */
  workerOf(id: TransportId): number | undefined;

  /**
   * `bad_request` for parameters that the engine refuses, `unsupported` for a codec that the room does not have,
   * `conflict` for an SSRC or MID that the transport already receives.
   */
  produce(transportId: TransportId, options: ProduceOptions): Promise<Produced>;
  pauseProducer(id: ProducerId): Promise<void>;
  resumeProducer(id: ProducerId): Promise<void>;
  closeProducer(id: ProducerId): void;

  /**
   * Runs `work`, which opens so many consumers on a transport, as soon as few others of the room are being opened on the same worker. For
   * whoever opens many: when a crowd joins, what waits is then a list, and not thousands of calls in the middle of their way.
   */
  inTurn(transportId: TransportId, consumers: number, work: () => Promise<void>): Promise<void>;

  /**
   * `unsupported` when these capabilities cannot receive that producer. Give the same capabilities object for all
   * consumers of a client: what is derived from it is kept with it.
   */
  consume(transportId: TransportId, options: ConsumeOptions): Promise<Consumed>;
  pauseConsumer(id: ConsumerId): Promise<void>;
  resumeConsumer(id: ConsumerId): Promise<void>;
  setPreferredLayers(id: ConsumerId, layers: ConsumerLayers): Promise<void>;
  /** 1 to 255. */
  setPriority(id: ConsumerId, priority: number): Promise<void>;
  requestKeyFrame(id: ConsumerId): Promise<void>;
  closeConsumer(id: ConsumerId): void;

  /** `conflict` on a transport without data channels, and for a stream id in use. */
  produceData(transportId: TransportId, options: ProduceDataOptions): Promise<DataProducerId>;
  closeDataProducer(id: DataProducerId): void;
  consumeData(transportId: TransportId, options: ConsumeDataOptions): Promise<DataConsumed>;
  closeDataConsumer(id: DataConsumerId): void;

  /** A data producer of the server itself (bot, chat). Messages go out with `sendData`. */
  openServerData(options: { label: string; protocol: string }): Promise<DataProducerId>;
  /**
   * Sends to all consumers of a server data producer. Text is WebRTC String (PPID 51), bytes WebRTC Binary (53). Throws
   * `too_large` beyond the maximum message size.
   */
  sendData(id: DataProducerId, message: string | Uint8Array): void;
  /** From now on this data producer's messages come as `dataReceived`. Ends with the data producer. */
  listenData(id: DataProducerId): Promise<void>;

  /** What the engine counts of one object; the shape is mediasoup's own `getStats()`. */
  stats(of: MediaObject): Promise<object[]>;
  /** Sent and received, of the room as a whole, since it began; for the status line and `top`. */
  summary(): RoomMediaSummary;

  /** Synchronous and idempotent. Emits `closed`. */
  close(reason: string): void;
};

export type RoomMediaEvents = {
  /** ICE and DTLS are up. May come again after a recovery. */
  transportConnected: [{ transportId: TransportId }];
  /** ICE disconnected: the far end is gone for now. The transport is still there. */
  transportFailed: [{ transportId: TransportId; reason: string }];
  /** The transport will carry nothing any more: its worker died, or its DTLS has ended. Close it. */
  transportLost: [{ transportId: TransportId; reason: string }];
  producerScored: [{ producerId: ProducerId; score: ProducerScore[] }];
  consumerScored: [{ consumerId: ConsumerId; score: ConsumerScore }];
  /** `undefined` when nothing is forwarded. */
  consumerLayersChanged: [{ consumerId: ConsumerId; layers: ConsumerLayers | undefined }];
  downlinkEstimated: [{ transportId: TransportId; estimate: DownlinkEstimate }];
  /** Everyone above the threshold, loudest first; empty for silence. About once in 800 ms, and when it changes. */
  audioLevels: [levels: AudioLevel[]];
  /** Who dominates the talk, by mediasoup's active speaker detection. */
  dominantSpeakerChanged: [{ producerId: ProducerId }];
  /** What is on this worker (`only`: of it, these) should go to another one, make before break. */
  moveWanted: [{ worker: number; to?: number; only?: ReadonlySet<TransportId> }];
  /** A worker runs (again): what found no place may find one now. */
  workerStarted: [];
  dataReceived: [{ dataProducerId: DataProducerId; message: Uint8Array; ppid: number }];
  closed: [reason: string];
};

export type WebRtcTransportOptions = {
  /** Offer TCP candidates only. */
  forceTcp: boolean;
  /** Whether data channels are wanted. */
  sctp: boolean;
  /** Bits per second from the client; 0 for no limit. */
  maxIncomingBitrate: number;
  /** Report the downlink estimate as `downlinkEstimated`. */
  reportDownlink: boolean;
  /**
   * Milliseconds without a STUN consent check (RFC 7675) until ICE counts as disconnected: 10,000 to 60,000 (others are
   * brought into that range), 0 for never.
   */
  iceConsentTimeoutMs: number;
  /** A transport on whose worker this one should be: the other one of the same client. */
  near?: TransportId;
  /** A transport whose worker should not carry this one, where there is another: a standby for it. */
  awayFrom?: TransportId;
  /** Rather reject with `unavailable` than share the worker of `awayFrom`. */
  apart?: boolean;
  /** The worker of this index, if it takes anything: before all other wishes. */
  on?: number;
};

export type PlainTransportOptions = {
  /** RTP and RTCP on one port (RFC 5761). */
  rtcpMux: boolean;
  /** Learn the remote address from the first packet. */
  comedia: boolean;
};
export type PlainTransportInfo = { id: TransportId; ip: string; port: number; rtcpPort?: number };
export type PlainRemote = { ip: string; port: number; rtcpPort?: number };

export type ProduceOptions = {
  kind: MediaKind;
  rtpParameters: RtpParameters;
  paused: boolean;
};
export type Produced = { id: ProducerId; type: 'simple' | 'simulcast' | 'svc' };

export type ConsumeOptions = {
  producerId: ProducerId;
  rtpCapabilities: RtpCapabilities;
  paused: boolean;
  /** Retransmission; for audio it means NACK. */
  enableRtx: boolean;
  /** Send also the silent packets of discontinuous transmission. */
  ignoreDtx: boolean;
  preferredLayers?: ConsumerLayers;
};
export type Consumed = {
  id: ConsumerId;
  kind: MediaKind;
  type: 'simple' | 'simulcast' | 'svc';
  rtpParameters: RtpParameters;
  producerPaused: boolean;
  /** As known at its beginning; changes come as `consumerScored`. */
  score: ConsumerScore;
};

export type ProduceDataOptions = {
  /** Absent for plain and server transports. */
  sctpStreamParameters?: SctpStreamParameters;
  label: string;
  protocol: string;
};
export type ConsumeDataOptions = {
  dataProducerId: DataProducerId;
  /** Absent: as the producer says. */
  ordered?: boolean;
  maxPacketLifeTime?: number;
  maxRetransmits?: number;
};
export type DataConsumed = {
  id: DataConsumerId;
  sctpStreamParameters: SctpStreamParameters;
  label: string;
  protocol: string;
};

export type MediaObject =
  | { kind: 'transport'; id: TransportId }
  | { kind: 'producer'; id: ProducerId }
  | { kind: 'consumer'; id: ConsumerId }
  | { kind: 'dataProducer'; id: DataProducerId }
  | { kind: 'dataConsumer'; id: DataConsumerId };

/** 0 (bad) to 10 for each encoding. */
export type ProducerScore = { encodingIdx: number; ssrc: number; rid?: string; score: number };
export type ConsumerScore = { score: number; producerScore: number; producerScores: number[] };
export type DownlinkEstimate = {
  /** Bits per second. */
  desiredBitrate: number;
  effectiveDesiredBitrate: number;
  availableBitrate: number;
};
/** Volume in dBov, -127 to 0. */
export type AudioLevel = { producerId: ProducerId; volume: number };

export type RoomMediaSummary = {
  routers: number;
  transports: number;
  producers: number;
  consumers: number;
  dataProducers: number;
  dataConsumers: number;
  pipes: number;
};
