import { createStore, type Store } from '../state/store.ts';
import { invitations, tabMemory } from './invitation.ts';

const known = invitations(tabMemory());

/** What the page is to show, its token included. The address bar shows it without. */
export const location: Store<string> = createStore(arrive());

if (typeof window !== 'undefined') {
  window.addEventListener('popstate', () => location.set(arrive()));
  window.addEventListener('hashchange', () => location.set(arrive()));
}

/** Changes what is shown without loading a new page. */
export function goTo(path: string): void {
  const shown = known.hide(new URL(path, window.location.href));
  window.history.pushState(null, '', shown);
  location.set(known.recall(shown).href);
  window.scrollTo(0, 0);
}

function arrive(): string {
  const { location: bar } = globalThis;
  if (bar === undefined) return 'http://localhost/';
  const shown = known.hide(new URL(bar.href));
  if (shown.href !== bar.href) window.history.replaceState(window.history.state, '', shown);
  return known.recall(shown).href;
}
