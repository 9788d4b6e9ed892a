import { useEffect } from 'react';
import { isSending } from '../grid/tiles.ts';
import type { Actions } from './actions.ts';
import type { CallRoom } from './port.ts';
import { belongsToFocus, runShortcut, shortcutOf } from './shortcuts.ts';

/** Keys of the call: single letters, and space held down to speak while muted. */
export function useShortcuts(room: CallRoom, actions: Actions): void {
  useEffect(() => {
    let talking = false;
    const stopTalking = () => {
      if (!talking) return;
      talking = false;
      actions.setMicrophone(false);
    };
    const down = (event: KeyboardEvent) => {
      if (belongsToFocus(event.target)) return;
      if (event.key === ' ') {
        // A button that has the focus is pressed by space; only a page without focus listens.
        if (event.target instanceof Element && event.target.closest('button, a, [role="button"]')) return;
        event.preventDefault();
        if (event.repeat || talking || isSending(room.state.me.microphone)) return;
        talking = true;
        actions.setMicrophone(true);
        return;
      }
      const shortcut = event.repeat ? undefined : shortcutOf(event);
      if (shortcut === undefined) return;
      event.preventDefault();
      runShortcut(shortcut, actions);
    };
    const up = (event: KeyboardEvent) => {
      if (event.key === ' ') stopTalking();
    };
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', stopTalking);
    return () => {
      stopTalking();
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', stopTalking);
    };
  }, [room, actions]);
}
