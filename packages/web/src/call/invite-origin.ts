import { createStore, type Store } from '../state/store.ts';

const ownNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address leads everybody who opens it to their own machine. */
export const leadsHome = (origin: string): boolean => ownNames.has(new URL(origin).hostname);

/**
 * The origin of invitations: that of the page, or, where the page was opened as `localhost`, one under which other devices
 * reach the same server. Never rejects; without an answer the page's own stays.
 */
export async function findInviteOrigin(own: string, ask: (url: string) => Promise<unknown>): Promise<string> {
  if (!leadsHome(own)) return own;
  try {
    return firstLink(await ask(new URL('/api/links', own).href)) ?? own;
  } catch {
    return own;
  }
}

function firstLink(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('links' in answer) || !Array.isArray(answer.links)) return;
  const first: unknown = answer.links[0];
  return typeof first === 'string' && /^https?:/.test(first) ? new URL(first).origin : undefined;
}

/** What it is now, and what it turns out to be. Asked once for a page, by whoever asks first. */
export const inviteOrigin: Store<string> = createStore(globalThis.location?.origin ?? '');

/** Begins to find it out. */
export function lookForInviteOrigin(): void {
  const ask = async (url: string): Promise<unknown> => (await fetch(url)).json();
  void findInviteOrigin(inviteOrigin.get(), ask).then((origin) => inviteOrigin.set(origin));
}
