import { newId } from '@potluck/kernel';

/**
 * As much of a MediaStreamTrack as mediasoup-client and the SDK look at. There is no picture behind it: what is sent is
 * ready made, what comes is counted.
 */
export class LoadTrack extends EventTarget {
  readonly id = newId();
  readonly kind: 'audio' | 'video';
  readonly label = 'load';
  enabled = true;
  readyState: MediaStreamTrackState = 'live';
  readonly #size: MediaTrackSettings;

  constructor(kind: 'audio' | 'video', size: MediaTrackSettings = {}) {
    super();
    this.kind = kind;
    this.#size = size;
  }

  getSettings(): MediaTrackSettings {
    return this.#size;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** For interfaces that ask for the browser's type, of which this is the part that they use. */
  asTrack(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack;
  }
}
