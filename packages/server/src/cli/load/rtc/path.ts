import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { AppError, Emitter, newId, systemClock, type Clock } from '@potluck/kernel';
import type { DtlsParameters, IceCandidate, IceParameters } from '@potluck/protocol';
import type { Certificate } from './dtls/certificate.ts';
import { DtlsClient, type SrtpKeys } from './dtls/client.ts';
import { SrtpOpener, SrtpSealer } from './srtp.ts';
import { bindingRequestOf, readStunAnswer } from './stun.ts';

export type PathInfo = {
  readonly iceParameters: IceParameters;
  readonly iceCandidates: readonly IceCandidate[];
  readonly dtlsParameters: DtlsParameters;
};
export type PathState = 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';
export type PathEvents = {
  stateChanged: [state: PathState];
  /** Still sealed: whoever knows the stream opens it. */
  rtp: [packet: Buffer];
  /** In the clear. */
  rtcp: [packet: Buffer];
};

/** The server answers at once; loss is mended soon, an established path is asked as RFC 7675 wants. */
const checkEveryMs = { connecting: 150, connected: 2_500 };
const silenceMs = { disconnected: 7_000, failed: 20_000 };
/** Room for a burst of key frames to a client that is busy with others. */
const receiveBufferBytes = 1 << 20;

/** One WebRTC transport seen from the client: ICE, DTLS and SRTP over a UDP socket of its own. */
export class MediaPath {
  readonly events = new Emitter<PathEvents>();
  readonly #socket: Socket;
  readonly #candidate: IceCandidate;
  readonly #dtls: DtlsClient;
  readonly #clock: Clock;
  readonly #username = newId().slice(0, 8);
  readonly #tieBreaker = randomBytes(8);
  #remote: IceParameters;
  #state: PathState = 'connecting';
  #heardAt: number;
  #handshake: 'none' | 'begun' | 'ended' = 'none';
  #cancelCheck: (() => void) | undefined;
  #sealer: SrtpSealer | undefined;
  #opener: SrtpOpener | undefined;

  constructor(info: PathInfo, { certificate, clock = systemClock }: { certificate: Certificate; clock?: Clock }) {
    this.#clock = clock;
    this.#heardAt = clock.now();
    this.#remote = info.iceParameters;
    this.#candidate = bestOf(info.iceCandidates);
    const type = isIPv6(this.#candidate.address) ? 'udp6' : 'udp4';
    this.#socket = createSocket({ type, recvBufferSize: receiveBufferBytes });
    this.#dtls = new DtlsClient({ certificate, remote: info.dtlsParameters, send: (data) => this.#send(data), clock });
    this.#dtls.events.on('connected', (keys) => this.#secured(keys));
    this.#dtls.events.on('closed', () => this.#end());
    this.#dtls.events.on('failed', () => this.#end());
    this.#socket.on('message', (data) => this.#receive(data));
    this.#socket.on('error', () => this.#change('failed'));
  }

  get state(): PathState {
    return this.#state;
  }

  get opener(): SrtpOpener | undefined {
    return this.#opener;
  }

  /** Begins to look for the server. It answers only once it knows our fingerprint. */
  start(): void {
    this.#check();
  }

  restartIce(remote: IceParameters): void {
    this.#remote = remote;
    this.#check();
  }

  /** Answers what was sent, so that it can be sent again as it was; `undefined` before the path is up. */
  sendRtp(header: Buffer, payload: Buffer, rollovers: number): Buffer | undefined {
    if (this.#sealer === undefined || this.#state === 'closed') return undefined;
    const sealed = this.#sealer.sealRtp(header, payload, rollovers);
    this.#send(sealed);
    return sealed;
  }

  sendAgain(sealed: Buffer): void {
    if (this.#state !== 'closed') this.#send(sealed);
  }

  sendRtcp(packet: Buffer): void {
    if (this.#sealer !== undefined && this.#state !== 'closed') this.#send(this.#sealer.sealRtcp(packet));
  }

  /** Idempotent. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#dtls.close();
    this.#state = 'closed';
    this.#cancelCheck?.();
    // What was just sent (the goodbye) is on its way before the socket goes.
    setImmediate(() => this.#socket.close());
  }

  #receive(data: Buffer): void {
    if (this.#state === 'closed') return;
    // RFC 7983: the first byte tells what it is.
    const first = data[0] ?? 0;
    if (first >= 128 && first <= 191) this.#media(data);
    else if (first >= 20 && first <= 63) this.#dtls.receive(data);
    else if (first <= 3) this.#answered(data);
  }

  #media(data: Buffer): void {
    const type = data[1] ?? 0;
    // RFC 5761 §4.
    if (type < 192 || type > 223) return this.events.emit('rtp', data);
    try {
      if (this.#opener !== undefined) this.events.emit('rtcp', this.#opener.openRtcp(data));
    } catch {
      // Not from our server, or broken on its way: as if it had been lost.
    }
  }

  #answered(data: Buffer): void {
    const answer = readStunAnswer(data);
    if (answer?.kind !== 'success') return;
    this.#heardAt = this.#clock.now();
    if (this.#handshake === 'none') {
      this.#handshake = 'begun';
      this.#dtls.start();
    }
    const silent = this.#state === 'disconnected' || this.#state === 'failed';
    if (silent && this.#handshake !== 'ended') this.#change('connected');
  }

  /** No answer to a check makes up for it: keys are agreed on once. */
  #end(): void {
    this.#handshake = 'ended';
    this.#change('failed');
  }

  #secured({ local, remote }: SrtpKeys): void {
    this.#sealer = new SrtpSealer(local);
    this.#opener = new SrtpOpener(remote);
    this.#change('connected');
  }

  #check(): void {
    if (this.#state === 'closed') return;
    this.#cancelCheck?.();
    const silent = this.#clock.now() - this.#heardAt;
    if (silent > silenceMs.failed) this.#change('failed');
    else if (silent > silenceMs.disconnected && this.#state === 'connected') this.#change('disconnected');
    this.#send(bindingRequestOf(this.#remote, this.#username, this.#tieBreaker));
    const every =
      this.#state === 'connected' || this.#handshake !== 'none' ? checkEveryMs.connected : checkEveryMs.connecting;
    this.#cancelCheck = this.#clock.after(every, () => this.#check());
  }

  #send(data: Buffer): void {
    this.#socket.send(data, this.#candidate.port, this.#candidate.address);
  }

  #change(state: PathState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    this.events.emit('stateChanged', state);
  }
}

/** Throws `unsupported` where the server can be reached over TCP only. */
function bestOf(candidates: readonly IceCandidate[]): IceCandidate {
  const best = candidates.filter(({ protocol }) => protocol === 'udp').toSorted((a, b) => b.priority - a.priority)[0];
  if (best === undefined) throw new AppError('unsupported', 'the server offers no UDP address for media');
  return best;
}
