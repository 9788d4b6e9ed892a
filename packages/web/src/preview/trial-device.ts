import type { CaptureError, Captured, TrackProcessor } from '@potluck/client';
import { createStore } from '../state/store.ts';

export type TrialState =
  | { readonly kind: 'off' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'on'; readonly track: MediaStreamTrack; readonly deviceId: string | undefined }
  | { readonly kind: 'failed'; readonly error: CaptureError };

/** A camera or microphone as it is tried before the call. */
export class TrialDevice {
  readonly #capture: (options: { deviceId?: string }) => Promise<Captured>;
  readonly #processor: TrackProcessor;
  readonly #state = createStore<TrialState>({ kind: 'off' });
  /** Counts the wishes: what arrives for an older one is let go. */
  #wish = 0;
  #release = () => {};

  constructor(capture: (options: { deviceId?: string }) => Promise<Captured>, processor: TrackProcessor = untouched) {
    this.#capture = capture;
    this.#processor = processor;
  }

  readonly get = (): TrialState => this.#state.get();
  readonly subscribe = (listener: () => void) => this.#state.subscribe(listener);

  /** Opens the device; already open: another one in its place. Never rejects. */
  async turnOn(deviceId?: string): Promise<void> {
    const wish = ++this.#wish;
    this.#stopTrack();
    this.#state.set({ kind: 'starting' });
    const captured = await this.#capture({ ...(deviceId !== undefined && { deviceId }) });
    if (captured.kind === 'failed') {
      if (wish === this.#wish) this.#state.set(captured);
      return;
    }
    const raw = captured.track;
    const { deviceId: opened } = raw.getSettings();
    const processed = await this.#processor(raw).catch(() => undefined);
    const release = () => {
      processed?.close();
      raw.stop();
    };
    if (wish !== this.#wish) return release();
    if (processed === undefined) {
      release();
      this.#state.set({ kind: 'failed', error: { code: 'unknown', message: '' } });
      return;
    }
    this.#release = release;
    const { track } = processed;
    track.addEventListener('ended', () => {
      const state = this.get();
      if (state.kind === 'on' && state.track === track) this.turnOff();
    });
    this.#state.set({ kind: 'on', track, deviceId: opened });
  }

  /** Frees the device. */
  turnOff(): void {
    this.#wish++;
    this.#stopTrack();
    this.#state.set({ kind: 'off' });
  }

  #stopTrack(): void {
    this.#release();
    this.#release = () => {};
  }
}

const untouched: TrackProcessor = async (track) => ({ track, close: () => {} });
