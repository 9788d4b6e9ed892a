import { useSyncExternalStore } from 'react';
import { preferences, type Preferences } from './preferences.ts';
import type { Store } from './store.ts';

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);

export const usePreferences = (): Preferences => useStore(preferences);
