import { Emitter, Serial, Tasks, type AppError, type Unsubscribe } from '@potluck/kernel';
import type { ProducerId, Source } from '@potluck/protocol';
import type { types } from 'mediasoup-client';
import type { EncodingOptions } from '../api.ts';
import type { Encryption } from '../encryption/encryption.ts';
import { asAppError } from '../errors.ts';
import type { Call } from '../signal/api.ts';
import { activate, videoEncoding } from './encodings.ts';
import type { ProduceAppData, SendSide } from './sending.ts';

export type PublicationSpec = {
  track: MediaStreamTrack;
  source: Source;
  paused: boolean;
  encoding: EncodingOptions;
  codecOptions?: types.ProducerCodecOptions;
  appData?: { [name: string]: unknown };
};

type Deps = {
  call: Call;
  /** The server's answer to the `produce` that mediasoup-client knows by this id. */
  answerOf: (localId: string) => Promise<ProducerId>;
  encryption?: Encryption | undefined;
};

/** One track of ours at the server, on whatever transport there is. What is wanted is set at once; the rest follows. */
export class Publication {
  readonly events = new Emitter<{ changed: []; failed: [error: AppError]; warned: [error: AppError] }>();
  readonly source: Source;
  readonly #deps: Deps;
  readonly #spec: PublicationSpec;
  readonly #serial = new Serial();
  readonly #tasks = new Tasks((_, error) => this.events.emit('warned', asAppError(error)));
  readonly #onClosed = new Set<() => void>();
  #track: MediaStreamTrack | undefined;
  #paused: boolean;
  /** What the server was last told. */
  #announcedPaused = false;
  #side: SendSide | undefined;
  #producer: types.Producer | undefined;
  #id: ProducerId | undefined;
  /** What others know it as, until the server has it again. */
  #lastId: ProducerId | undefined;
  #closed = false;

  constructor(deps: Deps, spec: PublicationSpec) {
    this.#deps = deps;
    this.#spec = spec;
    this.source = spec.source;
    this.#track = spec.track;
    this.#paused = spec.paused;
  }

  get producerId(): ProducerId | undefined {
    return this.#id;
  }

  get producer(): types.Producer | undefined {
    return this.#producer;
  }

  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Produces here; what was produced on another transport is gone with it. */
  attach(side: SendSide): void {
    this.detach();
    this.#side = side;
    this.#tasks.spawn(
      'produce',
      this.#serial.run(() => this.#produce()),
    );
  }

  /** The highest layer that anybody gets, `undefined` for none: the others are not encoded until somebody does. */
  setDemand(highest: number | undefined): void {
    const producer = this.#producer;
    const sender = producer?.rtpSender;
    if (sender === undefined || producer?.kind !== 'video') return;
    this.#tasks.spawn(
      'follow demand',
      this.#serial.run(() => (producer.closed ? undefined : activate(sender, highest))),
    );
  }

  /** What was produced is gone; what is wanted stays. */
  detach(): void {
    this.#side = undefined;
    this.#producer?.close();
    this.#producer = undefined;
    this.#id = undefined;
  }

  /** Produces here too; what is produced elsewhere flows on and ends with its transport. Resolves when the server has it. */
  moveTo(side: SendSide): Promise<void> {
    this.#side = side;
    this.#producer = undefined;
    this.#id = undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const off = [this.events.once('changed', resolve), this.events.once('failed', () => resolve())];
    const producing = this.#serial.run(() => this.#produce());
    this.#tasks.spawn(
      'produce',
      producing.then(() => this.#producer === undefined && resolve()),
    );
    return promise.finally(() => off.forEach((forget) => forget()));
  }

  /** Nobody hears or sees it any more as soon as this returns, even if the server learns it later. */
  setPaused(paused: boolean): void {
    if (this.#closed) return;
    this.#paused = paused;
    if (this.#track) this.#track.enabled = !paused;
    this.#tasks.spawn(
      'pause',
      this.#serial.run(() => this.#announcePause()),
    );
  }

  /** Sends another track, or none (`undefined`), in its place. */
  setTrack(track: MediaStreamTrack | undefined): Promise<void> {
    this.#track = track;
    if (track) track.enabled = !this.#paused;
    return this.#serial.run(async () => {
      const producer = this.#producer;
      if (this.#closed || this.#track !== track) return;
      if (producer !== undefined && !producer.closed) await producer.replaceTrack({ track: track ?? null });
      else await this.#produce();
    });
  }

  onClosed(listener: () => void): Unsubscribe {
    this.#onClosed.add(listener);
    return () => this.#onClosed.delete(listener);
  }

  /** Idempotent. Does not stop the track. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const onTransport = this.#side !== undefined && !this.#side.transport.closed;
    if (onTransport && this.#id !== undefined) {
      this.#tasks.spawn('close', this.#end(this.#id));
    }
    this.#producer?.close();
    for (const listener of this.#onClosed) listener();
  }

  async #produce(): Promise<void> {
    const side = this.#side;
    const track = this.#track;
    if (this.#closed || side === undefined || side.transport.closed || this.#producer !== undefined) return;
    if (track === undefined || track.readyState === 'ended') return;
    let producer: types.Producer;
    try {
      producer = await side.transport.produce(this.#options(track, side));
    } catch (error) {
      // A transport that went away meanwhile is followed by another, where this is tried again.
      if (this.#side === side && !side.transport.closed) this.#fail(asAppError(error));
      return;
    }
    if (this.#side !== side) return producer.close();
    this.#producer = producer;
    this.#announcedPaused = this.#paused;
    const answer = this.#deps.answerOf(producer.id);
    if (this.#closed) {
      producer.close();
      const id = await answer;
      this.#tasks.spawn('close', this.#end(id));
      return;
    }
    this.#tasks.spawn('produced', this.#answered(producer, answer));
  }

  async #answered(producer: types.Producer, answer: Promise<ProducerId>): Promise<void> {
    try {
      const id = await answer;
      // Others know it as this now, also when it has moved on meanwhile.
      this.#lastId = id;
      if (this.#producer !== producer) return;
      if (this.#closed) {
        await this.#end(id);
        return;
      }
      this.#id = id;
      this.events.emit('changed');
      await this.#serial.run(() => this.#announcePause());
    } catch (error) {
      if (this.#producer !== producer || producer.closed) return;
      producer.close();
      this.#fail(asAppError(error));
    }
  }

  async #end(producerId: ProducerId): Promise<void> {
    try {
      await this.#deps.call('closeProducer', { producerId });
    } catch (error) {
      // A moderator was first.
      if (asAppError(error).code !== 'not_found') throw error;
    }
  }

  async #announcePause(): Promise<void> {
    const id = this.#id;
    const paused = this.#paused;
    if (this.#closed || id === undefined || this.#announcedPaused === paused) return;
    this.#announcedPaused = paused;
    await this.#deps.call(paused ? 'pauseProducer' : 'resumeProducer', { producerId: id });
  }

  #options(track: MediaStreamTrack, side: SendSide): types.ProducerOptions<ProduceAppData> {
    const { source, encoding, codecOptions, appData = {} } = this.#spec;
    // `share` is how clients of mediasoup-demo v3 tell a screen.
    const { encryption } = this.#deps;
    const kind = track.kind === 'audio' ? 'audio' : 'video';
    const marks = { ...(source === 'screen' && { share: true }), ...(encryption && { encrypted: true }) };
    const wire = { ...appData, source, ...marks };
    const appDataOf = { wire, paused: this.#paused, replaces: this.#lastId };
    const onRtpSender = encryption && ((sender: RTCRtpSender) => encryption.seal(sender, kind));
    const own = { track, stopTracks: false, disableTrackOnPause: false, appData: appDataOf };
    const common = { ...own, ...(onRtpSender && { onRtpSender }) };
    if (track.kind === 'audio') return { ...common, ...(codecOptions && { codecOptions }) };
    const { width = 1280, height = 720 } = track.getSettings?.() ?? {};
    const { codec, encodings } = videoEncoding(source, { width, height }, forFrames(encoding, encryption), side.codecs);
    return { ...common, encodings, codecOptions: { videoGoogleStartBitrate: 1000 }, ...(codec && { codec }) };
  }

  #fail(error: AppError): void {
    // The transport, its worker or the server is gone: another one follows, where this is tried again.
    if ((error.code === 'unavailable' || error.code === 'not_found') && !this.#closed) return;
    this.events.emit('failed', error);
    this.close();
  }
}

/** Of VP8 alone packetizers and servers read no more than the few bytes that stay in the clear. */
const forFrames = (encoding: EncodingOptions, encryption: Encryption | undefined): EncodingOptions => {
  if (encryption === undefined) return encoding;
  const { scalabilityMode: _, ...rest } = encoding;
  return { ...rest, codec: 'VP8' };
};
