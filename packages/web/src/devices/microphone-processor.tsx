import type { TrackProcessor } from '@potluck/client';
import { preferences } from '../state/preferences.ts';

/**
 * What every opened microphone goes through: the noise suppressor while it is wished for, otherwise nothing. A
 * suppressor that fails is left out: better heard with noise than not at all.
 */
export const microphoneProcessor: TrackProcessor = async (raw) => {
  const untouched = { track: raw, close: () => {} };
  if (!preferences.get().noiseSuppression) return untouched;
  try {
    // Its model is fetched by those who use it.
    const { suppressNoise } = await import('./noise-suppressor.tsx');
    return await suppressNoise(raw);
  } catch {
    return untouched;
  }
};
