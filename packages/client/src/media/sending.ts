import { AppError, newId } from '@potluck/kernel';
import type { PeerId, ProducerId, RtpParameters, SctpStreamParameters } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import { asAppError } from '../errors.ts';
import type { Encryption } from '../encryption/encryption.ts';
import type { Call } from '../signal/api.ts';
import { Publication, type PublicationSpec } from './publication.ts';
import { DataPublication, type DataSpec } from './publishing-data.ts';

/** The transport that we send on, with the codecs that room and browser share. */
export type SendSide = { transport: types.Transport; codecs: readonly types.RtpCodecCapability[] };

/** What mediasoup-client hands through untouched from `produce()` to the request. */
export type ProduceAppData = { wire: { [name: string]: unknown }; paused: boolean; replaces: ProducerId | undefined };

/** The same for data channels. */
export type DataAppData = {
  wire: { [name: string]: unknown } | undefined;
  to: readonly string[] | undefined;
};

/**
 * Everything this client sends. A publication outlives the transport under it: on a new one it is produced again.
 * Requests go out without waiting for the answer to the one before; the server does them in order.
 */
export class Sending {
  readonly #call: Call;
  readonly #encryption: Encryption | undefined;
  readonly #publications = new Set<Publication>();
  readonly #data = new Set<DataPublication>();
  readonly #answers = new Map<string, Promise<ProducerId>>();
  /** Of before the last move: received by somebody until the server says otherwise. */
  #leaving: ReadonlyMap<ProducerId, PromiseWithResolvers<void>> = new Map();
  #side: SendSide | undefined;
  #picturesFirst = false;
  #suspended = false;

  constructor(call: Call, encryption?: Encryption) {
    this.#call = call;
    this.#encryption = encryption;
  }

  get publications(): ReadonlySet<Publication> {
    return this.#publications;
  }

  get transport(): types.Transport | undefined {
    return this.#side?.transport;
  }

  /**
   * Produces everything on this transport; what stood on the one before is gone. `onBroken`: it could not be connected.
   * `picturesFirst`: what others see takes them longer than what they hear. Sound is negotiated in less time, and where the path takes
   * longer than that, it comes up sooner with sound first.
   */
  use(side: SendSide, onBroken: (error: unknown) => void, picturesFirst = false): void {
    this.#side = side;
    this.#picturesFirst = picturesFirst;
    this.#answers.clear();
    this.#wire(side.transport, onBroken);
    this.resume();
  }

  /** Connects a transport that may be needed later, by a silent data channel that the server need not know. */
  prepare(transport: types.Transport, onBroken: (error: unknown) => void): void {
    this.#wire(transport, onBroken);
    transport.produceData({ label: 'warm-up', appData: { [silent]: true } }).catch((error: unknown) => {
      if (!transport.closed) onBroken(error);
    });
  }

  /**
   * Goes on there with everything: sound first, it is missed first. What flows on the transport before flows on. Resolves
   * when the server has it; `released` when everyone receives it from there.
   */
  async moveTo(side: SendSide): Promise<{ released: Promise<unknown> }> {
    this.#side = side;
    const before = [...this.#publications].flatMap(({ producerId }) => producerId ?? []);
    if (this.#suspended) return { released: Promise.resolve() };
    const leaving = new Map(before.map((id) => [id, Promise.withResolvers<void>()]));
    this.#leaving = leaving;
    const released = Promise.all([...leaving.values()].map(({ promise }) => promise));
    const soundFirst = [...this.#publications].toSorted(bySound);
    const moved = soundFirst.map((publication) => publication.moveTo(side));
    for (const data of this.#data) data.attach(side.transport);
    await Promise.allSettled(moved);
    return { released };
  }

  /** The server does not take anything yet: what was begun is void. */
  suspend(): void {
    this.#suspended = true;
    for (const publication of this.#publications) publication.detach();
    for (const data of this.#data) data.detach();
  }

  /** Produces everything on the transport that there is. */
  resume(): void {
    this.#suspended = false;
    const side = this.#side;
    if (side === undefined) return;
    const soundFirst = [...this.#publications].toSorted(bySound);
    for (const publication of this.#picturesFirst ? soundFirst.toReversed() : soundFirst) publication.attach(side);
    for (const data of this.#data) data.attach(side.transport);
  }

  publish(spec: PublicationSpec): Publication {
    const publication = new Publication(
      { call: this.#call, answerOf: (id) => this.#answerOf(id), encryption: this.#encryption },
      spec,
    );
    this.#publications.add(publication);
    publication.onClosed(() => this.#publications.delete(publication));
    if (this.#side !== undefined && !this.#suspended) publication.attach(this.#side);
    return publication;
  }

  /** What an own producer of before a move brought, all receive from where it went on. */
  released(producerId: ProducerId): void {
    this.#leaving.get(producerId)?.resolve();
  }

  /** What of an own video anybody gets. */
  follow(producerId: ProducerId, highest: number | undefined): void {
    for (const publication of this.#publications)
      if (publication.producerId === producerId) publication.setDemand(highest);
  }

  publishData(spec: DataSpec): DataPublication {
    const data = new DataPublication(this.#call, spec);
    this.#data.add(data);
    data.events.on('closed', () => this.#data.delete(data));
    if (this.#side !== undefined && !this.#suspended) data.attach(this.#side.transport);
    return data;
  }

  /** The server closed a data channel of ours. */
  dataClosed(dataProducerId: string): void {
    for (const data of [...this.#data]) data.closedByServer(dataProducerId);
  }

  close(): void {
    // The server forgets all of it with us: nothing is asked of it any more.
    this.suspend();
    for (const publication of [...this.#publications]) publication.close();
    for (const data of [...this.#data]) data.close();
    this.#side?.transport.close();
  }

  #answerOf(localId: string): Promise<ProducerId> {
    const answer = this.#answers.get(localId);
    this.#answers.delete(localId);
    return answer ?? Promise.reject(new AppError('unavailable', 'the transport was replaced'));
  }

  #wire(transport: types.Transport, onBroken: (error: unknown) => void): void {
    const transportId = transport.id;
    wireConnect(transport, this.#call, onBroken);
    transport.on('produce', ({ kind, rtpParameters, appData }, done) => {
      const { wire, paused, replaces } = appData as ProduceAppData;
      const answer = this.#call('produce', {
        transportId,
        kind,
        rtpParameters: rtpParameters as RtpParameters,
        ...(paused && { paused }),
        ...(replaces !== undefined && { replaces }),
        appData: wire,
      }).then(({ id }) => id);
      // mediasoup-client does one thing at a time: with an id of our own it goes on to the next track at once, and the
      // server's id follows.
      const id = newId();
      this.#answers.set(id, answer);
      answer.catch((error: unknown) => {
        // The transport is gone, and whoever should say so has not: publications wait for the next one.
        if (asAppError(error).code === 'not_found') onBroken(error);
      });
      done({ id });
    });
    transport.on('producedata', ({ sctpStreamParameters, label, protocol, appData }, done, fail) => {
      if (silent in appData) return done({ id: newId() });
      const { wire, to } = appData as DataAppData;
      this.#call('produceData', {
        transportId,
        sctpStreamParameters: sctpStreamParameters as SctpStreamParameters,
        ...(label !== undefined && { label }),
        ...(protocol !== undefined && { protocol }),
        ...(wire !== undefined && { appData: wire }),
        ...(to !== undefined && { to: to.map((id) => id as PeerId) }),
      }).then(done, fail);
    });
  }
}

/** Marks a data channel that the server need not know. */
const silent = Symbol('silent');
const soundRank = ({ track }: Publication): number => (track?.kind === 'audio' ? 0 : 1);
const bySound = (a: Publication, b: Publication): number => soundRank(a) - soundRank(b);

/** Tells the server our DTLS fingerprint. ICE need not wait for its answer: what goes wrong shows on the path. */
export function wireConnect(transport: types.Transport, call: Call, onBroken: (error: unknown) => void): void {
  transport.on('connect', ({ dtlsParameters }, done) => {
    call('connectWebRtcTransport', { transportId: transport.id, dtlsParameters }).catch(onBroken);
    done();
  });
}
