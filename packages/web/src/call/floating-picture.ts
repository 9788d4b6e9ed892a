import { tilesOf } from '../grid/tiles.ts';
import type { Store } from '../state/store.ts';
import { chooseFloating } from './floating-choice.ts';
import type { CallRoom } from './port.ts';
import type { CallUi } from './ui.ts';

export const canFloatVideo = (): boolean => document.pictureInPictureEnabled;

/** One picture over other windows, as browsers float a video. It follows who is pinned or speaks. */
export class FloatingPicture {
  readonly #room: CallRoom;
  readonly #ui: Store<CallUi>;
  #video: HTMLVideoElement | undefined;
  #offs: (() => void)[] = [];

  constructor(room: CallRoom, ui: Store<CallUi>) {
    this.#room = room;
    this.#ui = ui;
  }

  /** Call it in a click. Rejects where the browser does not float it; does nothing while nobody has a picture. */
  async toggle(): Promise<void> {
    if (this.#video !== undefined) return this.close();
    const track = this.#track();
    if (track === undefined) return;
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    this.#video = video;
    video.addEventListener('leavepictureinpicture', () => this.close());
    this.#offs = [this.#room.subscribe(() => this.#follow()), this.#ui.subscribe(() => this.#follow())];
    try {
      await video.play();
      await video.requestPictureInPicture();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    const video = this.#video;
    if (video === undefined) return;
    this.#video = undefined;
    for (const off of this.#offs.splice(0)) off();
    // The window closes with its picture where it cannot be asked to.
    if (document.pictureInPictureElement === video) document.exitPictureInPicture().catch(() => {});
    video.srcObject = null;
  }

  #follow(): void {
    const track = this.#track();
    const shown = this.#video?.srcObject;
    if (this.#video === undefined || track === undefined || !(shown instanceof MediaStream)) return;
    if (shown.getVideoTracks()[0] !== track) this.#video.srcObject = new MediaStream([track]);
    // Given up only when its element is taken away meanwhile.
    this.#video.play().catch(() => {});
  }

  #track(): MediaStreamTrack | undefined {
    const { state } = this.#room;
    return chooseFloating(tilesOf(state), this.#ui.get().pinned, state.activeSpeaker)?.track;
  }
}
