import type { LayoutMode } from '../grid/arrange.ts';

/** What this user looks at; nobody else sees it. */
export type CallUi = {
  readonly panel: 'chat' | 'people' | undefined;
  readonly dialog: 'invite' | 'settings' | 'shortcuts' | 'statistics' | 'reactions' | 'door' | 'end' | undefined;
  readonly mode: LayoutMode;
  /** Keys of tiles. */
  readonly pinned: readonly string[];
  readonly page: number;
  /** Number of chat messages that have been seen. */
  readonly readMessages: number;
};

export const initialUi: CallUi = {
  panel: undefined,
  dialog: undefined,
  mode: 'auto',
  pinned: [],
  page: 0,
  readMessages: 0,
};

export const togglePanel = (ui: CallUi, panel: 'chat' | 'people'): CallUi => ({
  ...ui,
  panel: ui.panel === panel ? undefined : panel,
});

export const togglePin = (ui: CallUi, key: string): CallUi => ({
  ...ui,
  pinned: ui.pinned.includes(key) ? ui.pinned.filter((pinned) => pinned !== key) : [...ui.pinned, key],
});

const modes = ['auto', 'grid', 'speaker', 'sidebar'] as const satisfies readonly LayoutMode[];
export const layoutModes: readonly LayoutMode[] = modes;

export const nextMode = (ui: CallUi): CallUi => ({
  ...ui,
  page: 0,
  mode: modes[(modes.indexOf(ui.mode) + 1) % modes.length]!,
});
