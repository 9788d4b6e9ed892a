import { createStore, type Store } from '../state/store.ts';

/** The address of the page; changes without loading a new one. */
export const location: Store<string> = createStore(globalThis.location?.href ?? 'http://localhost/');

if (typeof window !== 'undefined') window.addEventListener('popstate', () => location.set(window.location.href));

export function goTo(path: string): void {
  window.history.pushState(null, '', path);
  location.set(window.location.href);
  window.scrollTo(0, 0);
}
