import { randomInt } from 'node:crypto';
import { AppError, newId } from '@potluck/kernel';
import { ortc, type types } from 'mediasoup-client';
import { EnhancedEventEmitter } from 'mediasoup-client/enhancedEvents';
import { pictures } from '../media/recorded.ts';
import { AudioSender, VideoSender, type Talk, type TrackSender } from '../media/sender.ts';
import { extensionIds } from '../rtp/extensions.ts';
import type { IncomingStream } from '../rtp/incoming.ts';
import { OutgoingStream } from '../rtp/outgoing.ts';
import { readRtcp } from '../rtp/rtcp.ts';
import { Receiver } from '../rtp/receiver.ts';
import { nativeCapabilities } from './capabilities.ts';
import { silentReceiveChannel, silentSendChannel } from './data-channel.ts';
import type { Certificate } from './dtls/certificate.ts';
import { MediaPath, type PathInfo, type PathState } from './path.ts';
import { LoadTrack } from './track.ts';

/** What the transports of one client tell about themselves. */
export type HandlerWatch = {
  /** Calls `tick` every 5 ms or so until the answer is called. */
  onTick(tick: (nowMs: number) => void): () => void;
  sending(sender: TrackSender): void;
  receiving(stream: IncomingStream, track: MediaStreamTrack): void;
  stateChanged(direction: 'send' | 'recv', state: PathState): void;
};

export type HandlerOptions = {
  readonly certificate: Certificate;
  readonly fps: number;
  /** Bits per second of the pictures from large to small, in place of what the client asks for. */
  readonly bitrateOf: (asked: number) => number;
  readonly talks: Talk;
  /** Between packets of sound; 20 unless all is to go slower. */
  readonly audioPacketMs: number;
  readonly openEvery: number;
};

/** Puts mediasoup-client on our own transports: `Device.factory({ handlerFactory: loadHandler(…) })`. */
export function loadHandler(options: HandlerOptions, watch: HandlerWatch): types.HandlerFactory {
  return {
    name: 'PotluckLoad',
    factory: (of) => new LoadHandler(of, options, watch),
    getNativeRtpCapabilities: () => Promise.resolve(nativeCapabilities()),
  };
}

/** As much of an RTCRtpSender as it takes to switch layers. */
function layerSwitch(sender: VideoSender): RTCRtpSender {
  const part: Pick<RTCRtpSender, 'getParameters' | 'setParameters'> = {
    getParameters: () => ({
      encodings: sender.activeLayers.map((active) => ({ active })),
      transactionId: '',
      codecs: [],
      headerExtensions: [],
      rtcp: {},
    }),
    setParameters: async ({ encodings }) =>
      encodings.forEach(({ active = true }, layer) => sender.setActive(layer, active)),
  };
  return part as RTCRtpSender;
}

const noStats = (): Promise<RTCStatsReport> => Promise.resolve(new Map());

/** As much as the SDK looks at to see whether something flows. */
const reportOn = ({ ssrc, counts, frames }: IncomingStream) => ({
  type: 'inbound-rtp',
  ssrc,
  packetsReceived: counts.packets,
  framesDecoded: frames?.frames,
});

class LoadHandler extends EnhancedEventEmitter<types.HandlerEvents> implements types.HandlerInterface {
  readonly name = 'PotluckLoad';
  readonly #path: MediaPath;
  readonly #receiver: Receiver;
  readonly #of: types.HandlerOptions;
  readonly #options: HandlerOptions;
  readonly #watch: HandlerWatch;
  readonly #senders = new Map<string, TrackSender>();
  readonly #streams = new Map<string, IncomingStream>();
  readonly #transportSequence = { next: 0 };
  readonly #cname = newId();
  readonly #stopTicking: () => void;
  #nextId = 0;
  #lookedAt = 0;

  constructor(of: types.HandlerOptions, options: HandlerOptions, watch: HandlerWatch) {
    super();
    this.#of = of;
    this.#options = options;
    this.#watch = watch;
    this.#path = new MediaPath(of as PathInfo, { certificate: options.certificate });
    this.#receiver = new Receiver(this.#path);
    this.#path.events.on('stateChanged', (state) => this.#changed(state));
    this.#path.events.on('rtcp', (packet) => this.#heard(packet));
    this.#stopTicking = watch.onTick((nowMs) => this.#tick(nowMs));
    // After whoever made the transport has said what to do when it connects.
    queueMicrotask(() => this.#connect());
  }

  override close(): void {
    this.#stopTicking();
    this.#path.close();
    this.#senders.clear();
    this.#streams.clear();
    super.close();
  }

  updateIceServers(): Promise<void> {
    return Promise.resolve();
  }

  restartIce(iceParameters: types.IceParameters): Promise<void> {
    this.#path.restartIce(iceParameters);
    return Promise.resolve();
  }

  getSenderStats = noStats;

  async send({ track, encodings = [{}], codec, streamId }: types.HandlerSendOptions): Promise<types.HandlerSendResult> {
    const extended = this.#of.getSendExtendedRtpCapabilities(nativeCapabilities());
    const parameters = ortc.getSendingRtpParameters(track.kind as types.MediaKind, extended);
    parameters.codecs = ortc.reduceCodecs(parameters.codecs, codec);
    const localId = String(this.#nextId++);
    parameters.mid = localId;
    parameters.msid = `${streamId ?? this.#cname} ${track.id}`;
    parameters.rtcp = { cname: this.#cname, reducedSize: true };
    parameters.encodings = encodings.map((encoding, index) => ({
      ...encoding,
      ssrc: randomInt(1, 2 ** 32),
      ...(encodings.length > 1 && { rid: `r${index}` }),
    }));
    const sender = track.kind === 'audio' ? this.#audio(parameters) : this.#video(parameters);
    sender.paused = !track.enabled;
    this.#senders.set(localId, sender);
    this.#watch.sending(sender);
    return {
      localId,
      rtpParameters: parameters,
      ...(sender instanceof VideoSender && { rtpSender: layerSwitch(sender) }),
    };
  }

  async stopSending(localId: string): Promise<void> {
    this.#senders.delete(localId);
  }

  async pauseSending(localId: string): Promise<void> {
    const sender = this.#senders.get(localId);
    if (sender !== undefined) sender.paused = true;
  }

  async resumeSending(localId: string): Promise<void> {
    const sender = this.#senders.get(localId);
    if (sender !== undefined) sender.paused = false;
  }

  async replaceTrack(localId: string, track: MediaStreamTrack | null): Promise<void> {
    const sender = this.#senders.get(localId);
    if (sender !== undefined) sender.paused = track === null;
  }

  async setMaxSpatialLayer(localId: string, spatialLayer: number): Promise<void> {
    const sender = this.#senders.get(localId);
    if (sender instanceof VideoSender)
      sender.streams.forEach((_, layer) => sender.setActive(layer, layer <= spatialLayer));
  }

  async setRtpEncodingParameters(localId: string, { active }: Partial<RTCRtpEncodingParameters>): Promise<void> {
    const sender = this.#senders.get(localId);
    if (active === undefined || !(sender instanceof VideoSender)) return;
    sender.streams.forEach((_, layer) => sender.setActive(layer, active));
  }

  async receive(list: types.HandlerReceiveOptions[]): Promise<types.HandlerReceiveResult[]> {
    return list.map(({ trackId, kind, rtpParameters }) => {
      const localId = String(this.#nextId++);
      // mediasoup-client's own, for packets by which the server probes the path.
      if (trackId === 'probator') return { localId, track: new LoadTrack(kind).asTrack() };
      const ssrc = rtpParameters.encodings?.[0]?.ssrc;
      const clockRate = rtpParameters.codecs[0]?.clockRate;
      if (ssrc === undefined || clockRate === undefined) throw new AppError('internal', 'a consumer has no SSRC');
      const { transportSequence } = extensionIds(rtpParameters.headerExtensions);
      const { openEvery } = this.#options;
      const stream = this.#receiver.open({ ssrc, kind, clockRate, openEvery }, transportSequence);
      this.#streams.set(localId, stream);
      const track = new LoadTrack(kind).asTrack();
      this.#watch.receiving(stream, track);
      return { localId, track };
    });
  }

  async stopReceiving(localIds: string[]): Promise<void> {
    for (const localId of localIds) {
      const stream = this.#streams.get(localId);
      if (stream !== undefined) this.#receiver.close(stream.ssrc);
      this.#streams.delete(localId);
    }
  }

  async pauseReceiving(): Promise<void> {}

  async resumeReceiving(): Promise<void> {}

  getReceiverStats(localId: string): Promise<RTCStatsReport> {
    const stream = this.#streams.get(localId);
    return Promise.resolve(new Map(stream && [[localId, reportOn(stream)]]));
  }

  getTransportStats(): Promise<RTCStatsReport> {
    return Promise.resolve(new Map([...this.#streams].map(([localId, stream]) => [localId, reportOn(stream)])));
  }

  sendDataChannel = silentSendChannel;
  receiveDataChannel = silentReceiveChannel;

  getDataChannelMaxMessageSize(): undefined {
    return undefined;
  }

  #audio(parameters: types.RtpParameters): AudioSender {
    return new AudioSender(this.#stream(parameters, 0), this.#options.talks, this.#options.audioPacketMs);
  }

  #video(parameters: types.RtpParameters): VideoSender {
    const encodings = parameters.encodings ?? [];
    // The largest pictures, from small to large as the encodings are.
    const sizes = pictures.slice(-encodings.length);
    const layers = encodings.map(({ maxBitrate = 500_000 }, index) => ({
      stream: this.#stream(parameters, index),
      picture: sizes[index]!,
      bitrate: this.#options.bitrateOf(maxBitrate),
    }));
    return new VideoSender(layers, this.#options.fps);
  }

  #stream({ codecs, encodings = [], headerExtensions, mid }: types.RtpParameters, index: number): OutgoingStream {
    const { ssrc = 0, rid } = encodings[index] ?? {};
    const { payloadType = 0, clockRate = 0 } = codecs[0] ?? {};
    const extensions = extensionIds(headerExtensions);
    return new OutgoingStream(this.#path, this.#transportSequence, {
      ssrc,
      payloadType,
      clockRate,
      extensions,
      mid,
      rid,
    });
  }

  #tick(nowMs: number): void {
    for (const sender of this.#senders.values()) sender.tick(nowMs);
    if (nowMs - this.#lookedAt < 20) return;
    this.#lookedAt = nowMs;
    const wallMs = performance.timeOrigin + nowMs;
    for (const sender of this.#senders.values()) sender.report(nowMs, wallMs);
    if (this.#of.direction === 'recv') this.#receiver.tick(nowMs);
  }

  #heard(packet: Buffer): void {
    if (this.#senders.size === 0) return;
    for (const message of readRtcp(packet)) for (const sender of this.#senders.values()) sender.heard(message);
  }

  #connect(): void {
    const fingerprints = [{ algorithm: 'sha-256' as const, value: this.#options.certificate.fingerprint }];
    const failed = () => this.#changed('failed');
    this.safeEmit('@connect', { dtlsParameters: { role: 'client', fingerprints } }, () => this.#path.start(), failed);
  }

  #changed(state: PathState): void {
    this.#watch.stateChanged(this.#of.direction, state);
    this.safeEmit('@connectionstatechange', state);
  }
}
