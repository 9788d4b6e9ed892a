import { AppError } from '@potluck/kernel';
import type {
  AppData,
  ConsumerId,
  DataConsumerId,
  DataProducerId,
  DtlsParameters,
  MediaKind,
  Permission,
  ProducerId,
  RtpCapabilities,
  RtpParameters,
  SctpStreamParameters,
  TransportId,
  WebRtcTransportInfo,
} from '@potluck/protocol';
import type {
  Consumed,
  DataConsumed,
  PlainRemote,
  PlainTransportInfo,
  PlainTransportOptions,
} from '../media/fabric.ts';
import { sameSecret } from './broadcast-secret.ts';
import { wantsAll, wantsNothing } from './demand.ts';
import type { JoinedMember } from './member.ts';
import { may, permissionToPublish, permissionToPublishData } from './policy.ts';
import { sourceOf } from './publication.ts';
import { Quota } from './quota.ts';
import type { Room } from './room.ts';
import { ownTransport } from './own.ts';
import { publish, publishData } from './sending.ts';
import { connectTransport, openPlainTransport, openTransport } from './transports.ts';

export type BroadcasterLimits = {
  readonly maxConsumers: number;
  readonly iceConsentTimeoutMs: number;
};

type TransportKind = 'webrtc' | 'plain' | 'plain with comedia';

/** A participant without signalling: sends and receives what it is told over HTTP, and nothing by itself. */
export class Broadcaster {
  readonly room: Room;
  readonly member: JoinedMember;
  readonly consumers = new Map<ConsumerId, { readonly producerId: ProducerId; readonly transportId: TransportId }>();
  readonly #dataConsumers = new Map<DataConsumerId, DataProducerId>();
  readonly #transportKinds = new Map<TransportId, TransportKind>();
  readonly #rtpCapabilities: RtpCapabilities | undefined;
  readonly #secret: string;
  readonly #limits: BroadcasterLimits;
  readonly #quota = new Quota('consumers for one broadcaster');

  constructor(
    { room, member }: { room: Room; member: JoinedMember },
    options: { rtpCapabilities: RtpCapabilities | undefined; secret: string; limits: BroadcasterLimits },
  ) {
    this.room = room;
    this.member = member;
    this.#rtpCapabilities = options.rtpCapabilities;
    this.#secret = options.secret;
    this.#limits = options.limits;
    const takes = (id: ProducerId) => this.consumers.values().some(({ producerId }) => producerId === id);
    room.demand.follow(member, (id) => (takes(id) ? wantsAll : wantsNothing));
  }

  isOwnedBy(secret: string): boolean {
    return sameSecret(secret, this.#secret);
  }

  async openPlainTransport(options: PlainTransportOptions): Promise<PlainTransportInfo> {
    const info = await openPlainTransport(this.room, this.member, options);
    this.#transportKinds.set(info.id, options.comedia ? 'plain with comedia' : 'plain');
    return info;
  }

  async openWebRtcTransport({ sctp }: { sctp: boolean }): Promise<WebRtcTransportInfo> {
    const { iceConsentTimeoutMs } = this.#limits;
    const options = { forceTcp: false, sctp, maxIncomingBitrate: 0, reportDownlink: false, iceConsentTimeoutMs };
    const info = await openTransport(this.room, this.member, { producing: true, consuming: true }, options);
    this.#transportKinds.set(info.id, 'webrtc');
    return info;
  }

  async connectWebRtc(id: TransportId, dtlsParameters: DtlsParameters): Promise<void> {
    this.#expect(id, 'webrtc', 'a WebRTC transport: only those take dtlsParameters');
    await connectTransport(this.room, this.member, id, dtlsParameters);
  }

  async connectPlain(id: TransportId, remote: PlainRemote): Promise<void> {
    this.#expect(id, 'plain', 'a plain transport without comedia: only those are told where to send to');
    await this.room.media.connectPlainTransport(id, remote);
  }

  async produce(
    transportId: TransportId,
    options: { kind: MediaKind; rtpParameters: RtpParameters; appData: AppData },
  ): Promise<ProducerId> {
    this.#mayDo(permissionToPublish(sourceOf(options.kind, options.appData)));
    return publish(this.room, this.member, transportId, { ...options, paused: false });
  }

  async produceData(
    transportId: TransportId,
    options: { sctpStreamParameters: SctpStreamParameters; label: string; protocol: string; appData: AppData },
  ): Promise<DataProducerId> {
    this.#mayDo(permissionToPublishData(options.label));
    return publishData(this.room, this.member, transportId, options);
  }

  consume(transportId: TransportId, producerId: ProducerId): Promise<Consumed> {
    ownTransport(this.member, transportId);
    const rtpCapabilities = this.#capabilities();
    if (!this.room.publications.has(producerId)) throw new AppError('not_found', `producer ${producerId} not found`);
    return this.#opened(async () => {
      const options = { producerId, rtpCapabilities, paused: false, enableRtx: false, ignoreDtx: false };
      const consumed = await this.room.media.consume(transportId, options);
      if (!this.member.transports.has(transportId) || !this.room.publications.has(producerId)) {
        this.room.media.closeConsumer(consumed.id);
        throw new AppError('unavailable', 'the transport or the producer closed meanwhile');
      }
      this.consumers.set(consumed.id, { producerId, transportId });
      this.room.demand.touch(producerId);
      return consumed;
    });
  }

  consumeData(transportId: TransportId, dataProducerId: DataProducerId): Promise<DataConsumed> {
    ownTransport(this.member, transportId);
    this.#capabilities();
    const found = this.room.dataPublications.get(dataProducerId);
    // What is addressed is not for those who listen to everything.
    if (found === undefined || found.to !== undefined) {
      throw new AppError('not_found', `data producer ${dataProducerId} not found`);
    }
    return this.#opened(async () => {
      const consumed = await this.room.media.consumeData(transportId, { dataProducerId });
      if (!this.member.transports.has(transportId) || !this.room.dataPublications.has(dataProducerId)) {
        this.room.media.closeDataConsumer(consumed.id);
        throw new AppError('unavailable', 'the transport or the data producer closed meanwhile');
      }
      this.#dataConsumers.set(consumed.id, dataProducerId);
      return consumed;
    });
  }

  /** What it sends or receives ended elsewhere, and in the engine with it. */
  forgetProducer(producerId: ProducerId): void {
    for (const [id, consumer] of this.consumers) if (consumer.producerId === producerId) this.consumers.delete(id);
  }

  forgetDataProducer(dataProducerId: DataProducerId): void {
    for (const [id, producerId] of this.#dataConsumers) {
      if (producerId === dataProducerId) this.#dataConsumers.delete(id);
    }
  }

  forgetTransport(transportId: TransportId): void {
    this.#transportKinds.delete(transportId);
    for (const [id, consumer] of this.consumers) {
      if (consumer.transportId !== transportId) continue;
      this.consumers.delete(id);
      this.room.demand.touch(consumer.producerId);
    }
  }

  /** Of a token, or as a moderator has decided. */
  #mayDo(permission: Permission): void {
    if (may(this.member.state.profile.standing, permission)) return;
    throw new AppError('forbidden', `this broadcaster does not have the right ${permission}`);
  }

  #expect(id: TransportId, kind: TransportKind, what: string): void {
    ownTransport(this.member, id);
    if (this.#transportKinds.get(id) !== kind) throw new AppError('conflict', `transport ${id} is not ${what}`);
  }

  #capabilities(): RtpCapabilities {
    if (this.#rtpCapabilities !== undefined) return this.#rtpCapabilities;
    throw new AppError('conflict', 'this broadcaster was created without rtpCapabilities, so it cannot consume');
  }

  #opened<T>(open: () => Promise<T>): Promise<T> {
    return this.#quota.make(this.consumers.size + this.#dataConsumers.size, this.#limits.maxConsumers, open);
  }
}
