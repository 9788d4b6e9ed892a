import { AppError, Serial } from '@potluck/kernel';
import type { types } from 'mediasoup-client';
import type { CameraOptions, EncodingOptions, LocalTrackState, MicrophoneOptions } from '../api.ts';
import { asAppError, captureError, publishErrorOf } from '../errors.ts';
import type { LocalSource } from '../verbs.ts';
import type { Captured } from './capture.ts';
import type { Publication, PublicationSpec } from './publication.ts';

export type LocalDeviceDeps<Options> = {
  capture: (options: Options) => Promise<Captured>;
  publish: (spec: PublicationSpec) => Publication;
  encoding: (options: Options) => EncodingOptions;
  codecOptions: (options: Options) => types.ProducerCodecOptions | undefined;
  onChanged: (state: LocalTrackState) => void;
  onWarned: (error: AppError) => void;
};

/** A track in use, and how to let go of it. */
type Held = { track: MediaStreamTrack; deviceId: string | undefined; ended: boolean; release: () => void };

const off: LocalTrackState = { kind: 'off' };

/** The own microphone or camera: device, processing and publication as one thing with one state. */
export class LocalDevice<Options extends MicrophoneOptions | CameraOptions> implements LocalSource<Options> {
  readonly #source: 'microphone' | 'camera';
  readonly #deps: LocalDeviceDeps<Options>;
  readonly #serial = new Serial();
  #options: Options;
  #state: LocalTrackState = off;
  #held: Held | undefined;
  #publication: Publication | undefined;
  #muted = false;
  /** Bumped by every start and stop: what was begun before is given up. */
  #run = 0;

  constructor(source: 'microphone' | 'camera', defaults: Options, deps: LocalDeviceDeps<Options>) {
    this.#source = source;
    this.#options = defaults;
    this.#deps = deps;
  }

  get state(): LocalTrackState {
    return this.#state;
  }

  start(options?: Options): Promise<LocalTrackState> {
    const run = ++this.#run;
    this.#options = { ...this.#options, ...options };
    this.#muted = this.#options.muted ?? false;
    return this.#serial.run(async () => {
      if (run !== this.#run) return this.#state;
      this.#end();
      this.#set({ kind: 'starting' });
      const held = await this.#acquire(this.#options);
      if (run !== this.#run) {
        if ('release' in held) held.release();
        return this.#state;
      }
      if (!('release' in held)) return this.#set(held);
      this.#hold(held);
      this.#publish(held);
      if (this.#muted) this.#freeWhileMuted();
      return this.#show();
    });
  }

  stop(): Promise<LocalTrackState> {
    this.#run += 1;
    this.#end();
    return Promise.resolve(this.#set(off));
  }

  mute(): Promise<LocalTrackState> {
    this.#muted = true;
    this.#publication?.setPaused(true);
    this.#show();
    return this.#serial.run(() => {
      if (this.#muted) this.#freeWhileMuted();
      return this.#show();
    });
  }

  unmute(): Promise<LocalTrackState> {
    this.#muted = false;
    return this.#serial.run(async () => {
      const run = this.#run;
      if (this.#muted || this.#publication === undefined) return this.#state;
      if (this.#held === undefined || this.#held.ended) {
        const held = await this.#acquire(this.#options);
        if (run !== this.#run) {
          if ('release' in held) held.release();
          return this.#state;
        }
        if (!('release' in held)) return this.#give(held);
        this.#hold(held);
        await this.#send(held.track);
      }
      // Muted again while the device was opening: then the next job in line frees it.
      if (!this.#muted) this.#publication?.setPaused(false);
      return this.#show();
    });
  }

  setDevice(deviceId: string): Promise<LocalTrackState> {
    const { track: _, ...rest } = this.#options;
    this.#options = { ...(rest as Options), deviceId };
    return this.#serial.run(async () => {
      if (this.#state.kind === 'failed') return this.#later(() => this.start());
      if (this.#publication === undefined || this.#held === undefined || this.#held.ended) return this.#state;
      return this.#swap(this.#options, 'keep');
    });
  }

  /** Without a word to the server: the call is over. */
  close(): void {
    this.#run += 1;
    this.#end();
    this.#set(off);
  }

  /** Opens what the options name and sends it in the place of what is sent now. */
  async #swap(options: Options, onFailure: 'keep' | 'fail'): Promise<LocalTrackState> {
    const run = this.#run;
    let held = await this.#acquire(options);
    if (!('release' in held) && held.kind === 'failed' && held.error.code === 'busy') {
      // Phones open one camera at a time.
      this.#held?.release();
      held = await this.#acquire(options);
    }
    if (run !== this.#run) {
      if ('release' in held) held.release();
      return this.#state;
    }
    if (!('release' in held)) {
      const { message } = held.kind === 'failed' ? held.error : captureError('unknown');
      this.#deps.onWarned(new AppError('unavailable', message));
      return onFailure === 'keep' && this.#held?.track.readyState === 'live' ? this.#show() : this.#give(held);
    }
    const before = this.#held;
    this.#hold(held);
    await this.#send(held.track);
    before?.release();
    if (this.#muted) this.#freeWhileMuted();
    return this.#show();
  }

  async #acquire(options: Options): Promise<Held | (LocalTrackState & { kind: 'failed' })> {
    const given = options.track !== undefined;
    const captured: Captured =
      options.track === undefined ? await this.#deps.capture(options) : { kind: 'captured', track: options.track };
    if (captured.kind === 'failed') return captured;
    const raw = captured.track;
    const deviceId = raw.getSettings?.().deviceId;
    const stop = () => {
      if (!given) raw.stop();
    };
    if (options.processor === undefined) return { track: raw, deviceId, ended: false, release: stop };
    try {
      const processed = await options.processor(raw);
      const release = () => {
        processed.close();
        stop();
      };
      return { track: processed.track, deviceId, ended: false, release };
    } catch (error) {
      stop();
      return { kind: 'failed', error: captureError('unknown', asAppError(error).message) };
    }
  }

  #hold(held: Held): void {
    this.#held = held;
    held.track.addEventListener('ended', () => this.#unplugged(held), { once: true });
  }

  #publish(held: Held): void {
    const codecOptions = this.#deps.codecOptions(this.#options);
    const publication = this.#deps.publish({
      track: held.track,
      source: this.#source,
      paused: this.#muted,
      encoding: this.#deps.encoding(this.#options),
      ...(codecOptions !== undefined && { codecOptions }),
    });
    this.#publication = publication;
    if (this.#muted) held.track.enabled = false;
    publication.events.on('changed', () => this.#show());
    publication.events.on('warned', (error) => this.#deps.onWarned(error));
    publication.events.on('failed', (error) => {
      if (publication !== this.#publication) return;
      this.#deps.onWarned(error);
      this.#give({ kind: 'failed', error: publishErrorOf(error) });
    });
  }

  /** The light of a muted camera goes out. A track of the caller's goes on: it is only not sent. */
  #freeWhileMuted(): void {
    if (this.#source !== 'camera' || this.#held === undefined || this.#options.track !== undefined) return;
    this.#held.ended = true;
    this.#held.release();
    this.#watch(this.#send(undefined));
  }

  /** A transport that broke meanwhile does not matter: the next one sends what is wanted then. */
  async #send(track: MediaStreamTrack | undefined): Promise<void> {
    try {
      await this.#publication?.setTrack(track);
    } catch (error) {
      this.#deps.onWarned(asAppError(error));
    }
  }

  #watch(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#deps.onWarned(asAppError(error)));
  }

  #unplugged(held: Held): void {
    if (held !== this.#held || held.ended) return;
    held.ended = true;
    const job = this.#serial.run(async () => {
      if (held !== this.#held) return;
      if (this.#source === 'camera' || this.#options.track !== undefined) {
        this.#give({ kind: 'failed', error: captureError('notFound', 'the device was unplugged') });
        return;
      }
      // Better heard through another microphone than not at all. A camera is never chosen for the user.
      const { deviceId: _, ...rest } = this.#options;
      await this.#swap(rest as Options, 'fail');
    });
    this.#watch(job);
  }

  #give(state: LocalTrackState & { kind: 'failed' }): LocalTrackState {
    this.#end();
    return this.#set(state);
  }

  #end(): void {
    this.#publication?.close();
    this.#publication = undefined;
    if (this.#held !== undefined) {
      this.#held.ended = true;
      this.#held.release();
    }
    this.#held = undefined;
  }

  /** Runs a verb after the job that asks for it: verbs wait for their turn. */
  #later(verb: () => Promise<LocalTrackState>): LocalTrackState {
    this.#watch(verb());
    return this.#state;
  }

  #show(): LocalTrackState {
    if (this.#publication === undefined || this.#held === undefined) return this.#state;
    const { track, deviceId } = this.#held;
    const next = { kind: 'on', track, muted: this.#muted, deviceId, producerId: this.#publication.producerId } as const;
    const now = this.#state;
    const same =
      now.kind === 'on' &&
      now.track === next.track &&
      now.muted === next.muted &&
      now.deviceId === next.deviceId &&
      now.producerId === next.producerId;
    return same ? now : this.#set(next);
  }

  #set(state: LocalTrackState): LocalTrackState {
    if (state === this.#state) return state;
    this.#state = state;
    this.#deps.onChanged(state);
    return state;
  }
}
