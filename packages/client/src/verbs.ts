import type { AppError, Emitter } from '@potluck/kernel';
import type { ProducerId, Source } from '@potluck/protocol';
import type { LocalTrackState, ScreenOptions } from './api.ts';

/**
 * The own microphone or camera. Every verb resolves with the state it led to and never rejects: a device that is
 * refused is `{ kind: 'failed', error }`. Verbs run one after another, in the order they were called.
 */
export type LocalSource<Options> = {
  readonly state: LocalTrackState;
  /** Opens the device (or takes `options.track`) and publishes it. Already on: restarts with these options. */
  start(options?: Options): Promise<LocalTrackState>;
  /** Ends the publication and frees the device. */
  stop(): Promise<LocalTrackState>;
  /**
   * Silent at once, before the promise resolves. A microphone keeps its device, so that unmuting is instant; a camera
   * frees it, so that its light goes out.
   */
  mute(): Promise<LocalTrackState>;
  unmute(): Promise<LocalTrackState>;
  /** Switches the device without a gap in the publication. Remembered for the next `start`, also while off. */
  setDevice(deviceId: string): Promise<LocalTrackState>;
};

/** The shared screen with its sound. `stop()` of the browser's own bar ends it like `stop()` here. */
export type ScreenShare = {
  readonly state: LocalTrackState;
  readonly audioState: LocalTrackState;
  /** Call it in a click: browsers ask the user and allow it only then. */
  start(options?: ScreenOptions): Promise<LocalTrackState>;
  stop(): Promise<LocalTrackState>;
  /** Others see a frozen picture and hear nothing. */
  mute(): Promise<LocalTrackState>;
  unmute(): Promise<LocalTrackState>;
};

/** A track of the program's own making, published beside microphone, camera and screen. */
export type PublishedTrack = {
  readonly source: Source;
  /** Changes when the media path had to be built anew; `undefined` until the server has answered. */
  readonly producerId: ProducerId | undefined;
  readonly track: MediaStreamTrack | undefined;
  readonly muted: boolean;
  readonly closed: boolean;
  mute(): void;
  unmute(): void;
  /** Sends another track in its place; receivers notice nothing. */
  replaceTrack(track: MediaStreamTrack): Promise<void>;
  /** Does not stop the track: it is the caller's. */
  stop(): void;
};

/** An own data channel, to everyone or to who was named. */
export type PublishedData = {
  readonly label: string;
  readonly state: 'opening' | 'open' | 'closed';
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  /** `failed`: the server refused it, and it is closed. `closed`: also when everyone to whom it went has left. */
  readonly events: Emitter<{ opened: []; closed: []; bufferedAmountLow: []; failed: [error: AppError] }>;
  /** Throws AppError `unavailable` while it is not open, `too_large` for more than the server takes. */
  send(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): void;
  close(): void;
};
