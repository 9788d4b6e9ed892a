import type { Actions } from './actions.ts';

export type Shortcut = 'mute' | 'camera' | 'share' | 'chat' | 'people' | 'hand' | 'layout' | 'stats' | 'help';

/** Single keys, as long as nobody is typing. Shown in the help sheet in this order. */
export const shortcutKeys: { readonly [name in Shortcut]: string } = {
  mute: 'm',
  camera: 'v',
  share: 's',
  chat: 'c',
  people: 'p',
  hand: 'h',
  layout: 'l',
  stats: 'i',
  help: '?',
};

export function shortcutOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): Shortcut | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  return (Object.keys(shortcutKeys) as Shortcut[]).find((name) => shortcutKeys[name] === key);
}

export function runShortcut(shortcut: Shortcut, actions: Actions): void {
  const table: { readonly [name in Shortcut]: () => void } = {
    mute: actions.toggleMicrophone,
    camera: actions.toggleCamera,
    share: actions.toggleScreen,
    chat: () => actions.togglePanel('chat'),
    people: () => actions.togglePanel('people'),
    hand: actions.toggleHand,
    layout: actions.nextMode,
    stats: () => actions.show('statistics'),
    help: () => actions.show('shortcuts'),
  };
  table[shortcut]();
}

/** Whether a key pressed here belongs to what has the focus: text being typed, an open dialog or menu. */
export function belongsToFocus(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"], [role="listbox"]',
    ) !== null
  );
}
