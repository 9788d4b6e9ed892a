import type { Unsubscribe } from '@potluck/kernel';

/** Moments at which a connection may have come back, or died unnoticed. */
export type Wake = (onWake: (why: 'online' | 'visible' | 'slept') => void) => Unsubscribe;

const tickMs = 5000;
/** A timer this late means that the machine slept. Hidden pages' timers run at most once a minute. */
const sleptMs = 75_000;

/** Listens to the browser: network back, page shown, machine awake. Elsewhere only to the clock. */
export const browserWake: Wake = (onWake) => {
  const online = () => onWake('online');
  const shown = () => {
    if (document.visibilityState === 'visible') onWake('visible');
  };
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > sleptMs) onWake('slept');
    last = now;
  }, tickMs);
  // In Node a timer would keep the process alive.
  if (typeof timer === 'object') timer.unref();
  const page = typeof document === 'undefined' ? undefined : document;
  if (page !== undefined) globalThis.addEventListener('online', online);
  page?.addEventListener('visibilitychange', shown);
  return () => {
    clearInterval(timer);
    if (page !== undefined) globalThis.removeEventListener('online', online);
    page?.removeEventListener('visibilitychange', shown);
  };
};
