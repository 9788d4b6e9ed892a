import { commandOf, wrap, type EmbedCommand, type EmbedEvent } from './messages.ts';

/** The page around this one, if it gave its origin with `?embed=`. Nobody else is heard or told anything. */
export type Embedder = {
  tell(event: EmbedEvent): void;
  /** Returns how to stop listening. */
  onCommand(listener: (command: EmbedCommand) => void): () => void;
};

export function embedderOf(origin: string | undefined): Embedder | undefined {
  // Which pages may frame this one at all is the server's to say (frame-ancestors).
  if (origin === undefined || window.parent === window) return undefined;
  return {
    tell: (event) => window.parent.postMessage(wrap(event), origin),
    onCommand(listener) {
      const heard = ({ origin: from, source, data }: MessageEvent) => {
        if (from !== origin || source !== window.parent) return;
        const command = commandOf(data);
        if (command !== undefined) listener(command);
      };
      window.addEventListener('message', heard);
      return () => window.removeEventListener('message', heard);
    },
  };
}
