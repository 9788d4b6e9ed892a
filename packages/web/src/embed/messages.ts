/** What an embedding page and the call in its frame say to each other with `postMessage`. */

export type EmbedCommand =
  | { readonly command: 'join' }
  | { readonly command: 'leave' }
  | { readonly command: 'microphone'; readonly on: boolean }
  | { readonly command: 'camera'; readonly on: boolean };

export type EmbedEvent =
  /** The page is there and takes commands. */
  | { readonly event: 'ready' }
  | { readonly event: 'joined'; readonly peerId: string }
  | { readonly event: 'ended'; readonly reason: string }
  | { readonly event: 'participants'; readonly count: number }
  | { readonly event: 'microphone'; readonly on: boolean }
  | { readonly event: 'camera'; readonly on: boolean };

/** The name tells our messages from whatever else is posted to a window. */
export type Envelope<T> = { readonly potluck: T };

export const wrap = <T extends EmbedCommand | EmbedEvent>(message: T): Envelope<T> => ({ potluck: message });

/** `undefined` for whatever else is posted to a window. */
export function commandOf(data: unknown): EmbedCommand | undefined {
  const message = unwrap(data);
  const { command, on } = message ?? {};
  if (command === 'join' || command === 'leave') return { command };
  if ((command === 'microphone' || command === 'camera') && typeof on === 'boolean') return { command, on };
  return undefined;
}

function unwrap(data: unknown): { [name: string]: unknown } | undefined {
  if (typeof data !== 'object' || data === null || !('potluck' in data)) return undefined;
  const message: unknown = data.potluck;
  return typeof message === 'object' && message !== null ? { ...message } : undefined;
}
