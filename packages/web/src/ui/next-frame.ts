import { startTransition, useEffect, useState } from 'react';
import { afterFrame } from './slices.ts';

/** Whether what was drawn first is on screen. What waits for it is drawn without holding anything else up. */
export function useNextFrame(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => afterFrame(() => startTransition(() => setOver(true))), []);
  return over;
}
