import { createStore, type Store } from '../state/store.ts';
import { canFloatVideo, FloatingPicture } from './floating-picture.ts';
import { canFloatWindow, openFloatingWindow } from './floating-window.ts';
import type { CallRoom } from './port.ts';
import type { CallUi } from './ui.ts';

export const canFloat = (): boolean => canFloatWindow() || canFloatVideo();

/** The call over other windows: a window with buttons where the browser has such, otherwise one picture. */
export class Floating {
  /** What is drawn into; undefined while nothing or only a picture floats. */
  readonly window: Store<Window | undefined> = createStore<Window | undefined>(undefined);
  readonly #picture: FloatingPicture;
  /** What is opened for an earlier one comes too late. */
  #era = 0;

  constructor(room: CallRoom, ui: Store<CallUi>) {
    this.#picture = new FloatingPicture(room, ui);
  }

  /** Call it in a click. Rejects where the browser does not float anything now. */
  async toggle(): Promise<void> {
    const open = this.window.get();
    if (open !== undefined) return open.close();
    if (!canFloatWindow()) return this.#picture.toggle();
    const era = this.#era;
    const opened = await openFloatingWindow();
    if (era !== this.#era) return opened.close();
    opened.addEventListener('pagehide', () => this.window.set(undefined), { once: true });
    this.window.set(opened);
  }

  /** Whatever floats is taken away; it can float again. */
  close(): void {
    this.#era += 1;
    this.#picture.close();
    this.window.get()?.close();
  }
}
