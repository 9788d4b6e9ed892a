import { createECDH, createHash, createSign, createVerify, constants, X509Certificate, type ECDH } from 'node:crypto';
import { Emitter, systemClock, type Clock } from '@potluck/kernel';
import type { DtlsParameters } from '@potluck/protocol';
import type { Certificate } from './certificate.ts';
import { Assembler, encodeHandshake, handshakeType, type HandshakeMessage } from './handshake.ts';
import {
  certificateMessage,
  certificateVerify,
  clientHello,
  clientKeyExchange,
  newRandom,
  readCertificate,
  readCookie,
  readServerHello,
  readServerKeyExchange,
  signatureScheme,
  type KeyExchange,
} from './messages.ts';
import { prf } from './prf.ts';
import { contentType, openRecord, readRecords, RecordWriter, type DtlsRecord, type RecordKey } from './record.ts';

export type SrtpKey = { readonly key: Buffer; readonly salt: Buffer };
export type SrtpKeys = { readonly local: SrtpKey; readonly remote: SrtpKey };
export type DtlsEvents = { connected: [keys: SrtpKeys]; closed: [reason: string]; failed: [error: Error] };

export type DtlsDeps = {
  certificate: Certificate;
  /** What the signalling said that the server's certificate hashes to. */
  remote: DtlsParameters;
  send: (datagram: Buffer) => void;
  clock?: Clock;
};

type Outgoing = { type: number; epoch: 0 | 1; body: Buffer };
type State = 'idle' | 'greeting' | 'finishing' | 'connected' | 'closed';

const firstTimeoutMs = 400;
const attempts = 7;
const closeNotify = Buffer.from([1, 0]);

/** The client's side of a DTLS 1.2 handshake (RFC 6347) that agrees on keys for SRTP (RFC 5764), and no more than that. */
export class DtlsClient {
  readonly events = new Emitter<DtlsEvents>();
  readonly #deps: DtlsDeps;
  readonly #clock: Clock;
  readonly #writer = new RecordWriter();
  readonly #assembler = new Assembler();
  readonly #random = newRandom();
  readonly #transcript: Buffer[] = [];
  readonly #ecdh: ECDH = createECDH('prime256v1');
  #state: State = 'idle';
  #flight: Outgoing[] = [];
  #sentAt = 0;
  #sequence = 0;
  #serverRandom: Buffer = Buffer.alloc(0);
  #extended = false;
  #serverCertificate: X509Certificate | undefined;
  #exchange: KeyExchange | undefined;
  #certificateWanted = false;
  #master: Buffer = Buffer.alloc(0);
  #remoteKey: RecordKey | undefined;
  #early: DtlsRecord[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(deps: DtlsDeps) {
    this.#deps = deps;
    this.#clock = deps.clock ?? systemClock;
  }

  /** Call once. */
  start(): void {
    this.#state = 'greeting';
    this.#greet(Buffer.alloc(0));
  }

  receive(datagram: Buffer): void {
    try {
      for (const record of readRecords(datagram)) this.#take(record);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Idempotent. Says goodbye if there is somebody to say it to. */
  close(): void {
    if (this.#state === 'connected') this.#deps.send(this.#writer.write(contentType.alert, 1, closeNotify));
    this.#end();
  }

  #take(record: DtlsRecord): void {
    if (this.#state === 'closed' || this.#state === 'idle') return;
    if (record.epoch === 1 && this.#remoteKey === undefined) {
      // Overtook what it depends on.
      if (this.#early.length < 8) this.#early.push(record);
      return;
    }
    if (record.epoch > 1) return;
    const body = record.epoch === 1 ? openRecord(this.#remoteKey!, record) : record.body;
    if (record.type === contentType.alert) this.#alerted(body);
    else if (record.type === contentType.handshake) this.#handshake(body);
  }

  #alerted(body: Buffer): void {
    const [level = 0, description = 0] = body;
    if (description === 0) {
      this.#end();
      this.events.emit('closed', 'the server closed DTLS');
    } else if (level === 2) this.#fail(new Error(`the server ended the DTLS handshake with alert ${description}`));
  }

  #handshake(body: Buffer): void {
    const messages = this.#assembler.take(body);
    if (messages.length === 0 && this.#state === 'finishing') this.#heardAgain();
    for (const message of messages) this.#hear(message);
  }

  #hear({ type, body, whole }: HandshakeMessage): void {
    if (type === handshakeType.helloVerifyRequest) {
      this.#transcript.length = 0;
      return this.#greet(readCookie(body));
    }
    if (type === handshakeType.finished) return this.#finished(body);
    this.#transcript.push(whole);
    if (type === handshakeType.serverHello) {
      const { random, extendedMasterSecret } = readServerHello(body);
      this.#serverRandom = Buffer.from(random);
      this.#extended = extendedMasterSecret;
    } else if (type === handshakeType.certificate) this.#serverCertificate = this.#recognise(readCertificate(body));
    else if (type === handshakeType.serverKeyExchange) this.#exchange = readServerKeyExchange(body);
    else if (type === handshakeType.certificateRequest) this.#certificateWanted = true;
    else if (type === handshakeType.serverHelloDone) this.#answer();
  }

  #recognise(der: Buffer): X509Certificate {
    const hash = (algorithm: string) => createHash(algorithm.replace('-', '')).update(der).digest('hex');
    const same = this.#deps.remote.fingerprints.some(
      ({ algorithm, value }) => hash(algorithm) === value.replaceAll(':', '').toLowerCase(),
    );
    if (!same) throw new Error('the certificate is not the one that the server named');
    return new X509Certificate(der);
  }

  #greet(cookie: Buffer): void {
    const hello = encodeHandshake(handshakeType.clientHello, this.#sequence++, clientHello(this.#random, cookie));
    this.#transcript.push(hello);
    this.#launch([{ type: contentType.handshake, epoch: 0, body: hello }]);
  }

  #answer(): void {
    const { certificate } = this.#deps;
    this.#verifyExchange();
    const messages: Buffer[] = [];
    const say = (type: number, body: Buffer) => {
      const message = encodeHandshake(type, this.#sequence++, body);
      this.#transcript.push(message);
      messages.push(message);
    };
    if (this.#certificateWanted) say(handshakeType.certificate, certificateMessage(certificate.der));
    say(handshakeType.clientKeyExchange, clientKeyExchange(this.#ecdh.generateKeys()));
    this.#deriveKeys();
    if (this.#certificateWanted) {
      const signature = createSign('sha256').update(Buffer.concat(this.#transcript)).sign(certificate.key);
      say(handshakeType.certificateVerify, certificateVerify(signature));
    }
    const flight: Outgoing[] = messages.map((body) => ({ type: contentType.handshake, epoch: 0, body }));
    flight.push({ type: contentType.changeCipherSpec, epoch: 0, body: Buffer.from([1]) });
    const verify = prf(this.#master, 'client finished', this.#transcriptHash(), 12);
    const finished = encodeHandshake(handshakeType.finished, this.#sequence++, verify);
    this.#transcript.push(finished);
    flight.push({ type: contentType.handshake, epoch: 1, body: finished });
    this.#state = 'finishing';
    this.#launch(flight);
    for (const record of this.#early.splice(0)) this.#take(record);
  }

  /** The server holds the key of its certificate: it signed this exchange with it. */
  #verifyExchange(): void {
    const [certificate, exchange] = [this.#serverCertificate, this.#exchange];
    if (certificate === undefined || exchange === undefined)
      throw new Error('the DTLS handshake of the server lacks parts');
    const verify = createVerify('sha256').update(Buffer.concat([this.#random, this.#serverRandom, exchange.signed]));
    const pss = exchange.scheme === signatureScheme.pss;
    const key = {
      key: certificate.publicKey,
      ...(pss && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
    };
    if (!verify.verify(key, exchange.signature)) throw new Error('the signature of the server is wrong');
  }

  #deriveKeys(): void {
    const shared = this.#ecdh.computeSecret(this.#exchange!.publicKey);
    const randoms = Buffer.concat([this.#random, this.#serverRandom]);
    // RFC 7627, where the server has it.
    this.#master = this.#extended
      ? prf(shared, 'extended master secret', this.#transcriptHash(), 48)
      : prf(shared, 'master secret', randoms, 48);
    const block = prf(this.#master, 'key expansion', Buffer.concat([this.#serverRandom, this.#random]), 40);
    this.#writer.protectWith({ key: block.subarray(0, 16), salt: block.subarray(32, 36) });
    this.#remoteKey = { key: block.subarray(16, 32), salt: block.subarray(36, 40) };
  }

  #finished(body: Buffer): void {
    const expected = prf(this.#master, 'server finished', this.#transcriptHash(), 12);
    if (!expected.equals(body)) throw new Error('the DTLS handshake was changed on its way');
    this.#state = 'connected';
    this.#cancelTimer?.();
    // RFC 5764 §4.2: keys of both sides, then salts of both sides.
    const randoms = Buffer.concat([this.#random, this.#serverRandom]);
    const material = prf(this.#master, 'EXTRACTOR-dtls_srtp', randoms, 56);
    const part = (from: number, length: number) => material.subarray(from, from + length);
    const local = { key: part(0, 16), salt: part(32, 12) };
    this.events.emit('connected', { local, remote: { key: part(16, 16), salt: part(44, 12) } });
  }

  #transcriptHash = (): Buffer => createHash('sha256').update(Buffer.concat(this.#transcript)).digest();

  #launch(flight: Outgoing[]): void {
    this.#flight = flight;
    this.#sendFlight();
    this.#patience(1);
  }

  #patience(attempt: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(firstTimeoutMs * 2 ** (attempt - 1), () => {
      if (attempt === attempts) return this.#fail(new Error('the server does not answer over DTLS'));
      this.#sendFlight();
      return this.#patience(attempt + 1);
    });
  }

  /**
   * The server says again what we have answered: our answer was lost, or we are late. Then many repetitions come at once,
   * and OpenSSL ends a connection that is finished a dozen times.
   */
  #heardAgain(): void {
    if (this.#clock.now() - this.#sentAt >= firstTimeoutMs) this.#sendFlight();
  }

  #sendFlight(): void {
    this.#sentAt = this.#clock.now();
    this.#deps.send(Buffer.concat(this.#flight.map(({ type, epoch, body }) => this.#writer.write(type, epoch, body))));
  }

  #fail(error: Error): void {
    if (this.#state === 'closed') return;
    this.#end();
    this.events.emit('failed', error);
  }

  #end(): void {
    this.#state = 'closed';
    this.#cancelTimer?.();
  }
}
