import type { TrackProcessor } from '@potluck/client';
import { prefer, preferences } from '../state/preferences.ts';
import { createStore } from '../state/store.ts';

/** Why the background is no longer blurred, though it was wished for. Shown once, then forgotten. */
export const blurTrouble = createStore<'tooSlow' | 'failed' | undefined>(undefined);

/**
 * What every opened camera goes through: the blur while it is wished for, otherwise nothing. Where the blur fails, the
 * camera does not open: nobody shows a room that was meant to be hidden.
 */
export const cameraProcessor: TrackProcessor = async (raw) => {
  if (!preferences.get().backgroundBlur) return { track: raw, close: () => {} };
  try {
    // Its model is fetched by those who use it.
    const { blurBackground } = await import('./blurred.ts');
    return await blurBackground(raw, () => giveUp('tooSlow'));
  } catch (error) {
    giveUp('failed');
    throw error;
  }
};

function giveUp(why: 'tooSlow' | 'failed'): void {
  prefer({ backgroundBlur: false });
  blurTrouble.set(why);
}
