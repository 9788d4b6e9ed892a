import { useEffect } from 'react';

/** Keeps the screen on during a call, where the browser can. The system takes the lock back whenever the page is hidden. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const ask = async () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
      try {
        const got = await navigator.wakeLock.request('screen');
        if (over) await got.release();
        else lock = got;
      } catch {
        // A low battery or a setting forbids it; the call goes on without.
      }
    };
    const shown = () => void ask();
    shown();
    document.addEventListener('visibilitychange', shown);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', shown);
      lock?.release().catch(() => {});
    };
  }, []);
}
