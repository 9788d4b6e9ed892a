import type { AppError } from '@potluck/kernel';
import type { LocalTrackState, ScreenOptions } from '../api.ts';
import { publishErrorOf } from '../errors.ts';
import type { ScreenShare } from '../verbs.ts';
import type { CapturedScreen } from './capture.ts';
import { musicOptions } from './encodings.ts';
import type { Publication, PublicationSpec } from './publication.ts';

export type LocalScreenDeps = {
  capture: (options: ScreenOptions) => Promise<CapturedScreen>;
  publish: (spec: PublicationSpec) => Publication;
  onChanged: (picture: LocalTrackState, sound: LocalTrackState) => void;
  onWarned: (error: AppError) => void;
};

type Sharing = { picture: Publication; sound: Publication | undefined; own: boolean };

const off: LocalTrackState = { kind: 'off' };

/** The shared screen: a picture and perhaps its sound, begun and ended together. */
export class LocalScreen implements ScreenShare {
  readonly #deps: LocalScreenDeps;
  #sharing: Sharing | undefined;
  #picture: LocalTrackState = off;
  #sound: LocalTrackState = off;
  #run = 0;

  constructor(deps: LocalScreenDeps) {
    this.#deps = deps;
  }

  get state(): LocalTrackState {
    return this.#picture;
  }

  get audioState(): LocalTrackState {
    return this.#sound;
  }

  async start(options: ScreenOptions = {}): Promise<LocalTrackState> {
    const run = ++this.#run;
    this.#end();
    this.#set({ kind: 'starting' }, off);
    // No wait before this: browsers ask only within the click.
    const captured = await this.#capture(options);
    if (run !== this.#run) {
      if (captured.kind === 'captured' && options.track === undefined) stopAll(captured);
      return this.#picture;
    }
    if (captured.kind === 'failed') return this.#set(captured, off);
    this.#share(captured, options);
    return this.#show();
  }

  async stop(): Promise<LocalTrackState> {
    this.close();
    return this.#picture;
  }

  async mute(): Promise<LocalTrackState> {
    return this.#setMuted(true);
  }

  async unmute(): Promise<LocalTrackState> {
    return this.#setMuted(false);
  }

  close(): void {
    this.#run += 1;
    this.#end();
    this.#set(off, off);
  }

  #capture(options: ScreenOptions): Promise<CapturedScreen> {
    const { track, audioTrack } = options;
    if (track === undefined) return this.#deps.capture(options);
    return Promise.resolve({ kind: 'captured', track, audioTrack });
  }

  #share({ track, audioTrack }: CapturedScreen & { kind: 'captured' }, options: ScreenOptions): void {
    const { publish } = this.#deps;
    const picture = publish({ track, source: 'screen', paused: false, encoding: options });
    const sound =
      audioTrack &&
      publish({ track: audioTrack, source: 'screen-audio', paused: false, encoding: {}, codecOptions: musicOptions });
    const sharing = { picture, sound, own: options.track === undefined };
    this.#sharing = sharing;
    const current = () => this.#sharing === sharing;
    for (const publication of sound === undefined ? [picture] : [picture, sound]) {
      publication.events.on('changed', () => current() && this.#show());
      publication.events.on('warned', (error) => this.#deps.onWarned(error));
    }
    picture.events.on('failed', (error) => {
      if (!current()) return;
      this.#end();
      this.#set({ kind: 'failed', error: publishErrorOf(error) }, off);
    });
    sound?.events.on('failed', (error) => this.#deps.onWarned(error));
    // The browser's own «stop sharing» ends the track.
    track.addEventListener('ended', () => current() && this.close(), { once: true });
    audioTrack?.addEventListener('ended', () => current() && this.#endSound(), { once: true });
  }

  #setMuted(muted: boolean): LocalTrackState {
    this.#sharing?.picture.setPaused(muted);
    this.#sharing?.sound?.setPaused(muted);
    return this.#show();
  }

  #endSound(): void {
    this.#sharing?.sound?.close();
    if (this.#sharing !== undefined) this.#sharing.sound = undefined;
    this.#show();
  }

  #end(): void {
    const sharing = this.#sharing;
    this.#sharing = undefined;
    for (const publication of [sharing?.picture, sharing?.sound]) {
      publication?.close();
      if (sharing?.own === true) publication?.track?.stop();
    }
  }

  #show(): LocalTrackState {
    if (this.#sharing === undefined) return this.#picture;
    return this.#set(stateOf(this.#sharing.picture), stateOf(this.#sharing.sound));
  }

  #set(picture: LocalTrackState, sound: LocalTrackState): LocalTrackState {
    this.#picture = picture;
    this.#sound = sound;
    this.#deps.onChanged(picture, sound);
    return picture;
  }
}

function stateOf(publication: Publication | undefined): LocalTrackState {
  if (publication?.track === undefined) return off;
  const { track, paused: muted, producerId } = publication;
  return { kind: 'on', track, muted, deviceId: undefined, producerId };
}

function stopAll({ track, audioTrack }: CapturedScreen & { kind: 'captured' }): void {
  track.stop();
  audioTrack?.stop();
}
