import { parseLaunch, tokenIn } from './launch.ts';

/**
 * Keeps tokens out of the address bar: what is shown, copied, bookmarked and kept in the history has none. The tab remembers
 * them, so that loading the page again still enters.
 */
export type Invitations = {
  /** The address to show for one that may hold a token. */
  hide(address: URL): URL;
  /** The address with the token that came with it, or came before for the same room. */
  recall(shown: URL): URL;
};

type Memory = Pick<Storage, 'getItem' | 'setItem'>;

export function invitations(memory: Memory): Invitations {
  return {
    hide(address) {
      const shown = without(address);
      const token = tokenIn(address);
      if (token !== undefined) memory.setItem(nameOf(shown), token);
      return shown;
    },
    recall(shown) {
      const token = memory.getItem(nameOf(shown));
      const address = new URL(shown);
      if (token !== null) setFragment(address, (fragment) => fragment.set('token', token));
      return address;
    },
  };
}

/** Of this tab, where the browser lets us; frames of other sites often may not. */
export function tabMemory(): Memory {
  try {
    const { sessionStorage } = globalThis;
    sessionStorage.setItem('potluck.probe', '');
    sessionStorage.removeItem('potluck.probe');
    return sessionStorage;
  } catch {
    const kept = new Map<string, string>();
    return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
  }
}

const nameOf = (shown: URL): string => {
  const launch = parseLaunch(shown);
  return `potluck.token:${launch.kind === 'room' ? launch.roomId : ''}`;
};

function without(address: URL): URL {
  const shown = new URL(address);
  shown.searchParams.delete('token');
  if (shown.hash.includes('token=')) setFragment(shown, (fragment) => fragment.delete('token'));
  return shown;
}

function setFragment(url: URL, change: (fragment: URLSearchParams) => void): void {
  const fragment = new URLSearchParams(url.hash.slice(1));
  change(fragment);
  url.hash = fragment.toString();
}
