import type { CaptureError, Captured } from '@potluck/client';
import { createStore } from '../state/store.ts';

export type TrialState =
  | { readonly kind: 'off' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'on'; readonly track: MediaStreamTrack; readonly deviceId: string | undefined }
  | { readonly kind: 'failed'; readonly error: CaptureError };

/** A camera or microphone as it is tried before the call. */
export class TrialDevice {
  readonly #capture: (options: { deviceId?: string }) => Promise<Captured>;
  readonly #state = createStore<TrialState>({ kind: 'off' });
  /** Counts the wishes: what arrives for an older one is let go. */
  #wish = 0;

  constructor(capture: (options: { deviceId?: string }) => Promise<Captured>) {
    this.#capture = capture;
  }

  readonly get = (): TrialState => this.#state.get();
  readonly subscribe = (listener: () => void) => this.#state.subscribe(listener);

  /** Opens the device; already open: another one in its place. Never rejects. */
  async turnOn(deviceId?: string): Promise<void> {
    const wish = ++this.#wish;
    this.#stopTrack();
    this.#state.set({ kind: 'starting' });
    const captured = await this.#capture({ ...(deviceId !== undefined && { deviceId }) });
    if (wish !== this.#wish) {
      if (captured.kind === 'captured') captured.track.stop();
      return;
    }
    if (captured.kind === 'failed') {
      this.#state.set(captured);
      return;
    }
    const { track } = captured;
    track.addEventListener('ended', () => {
      const state = this.get();
      if (state.kind === 'on' && state.track === track) this.turnOff();
    });
    this.#state.set({ kind: 'on', track, deviceId: track.getSettings().deviceId });
  }

  /** Frees the device. */
  turnOff(): void {
    this.#wish++;
    this.#stopTrack();
    this.#state.set({ kind: 'off' });
  }

  #stopTrack(): void {
    const state = this.get();
    if (state.kind === 'on') state.track.stop();
  }
}
