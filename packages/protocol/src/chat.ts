import { z } from 'zod';
import { PeerId } from './ids.ts';

export const chatTextMax = 4000;

export const ChatMessage = z.object({
  /** Given by the sender (own clients) so that a repeated request is recognised, else by the server. */
  id: z.string().min(1).max(64),
  peerId: PeerId,
  /** The sender's name at that moment: it may have left since. */
  displayName: z.string(),
  text: z.string(),
  /** Milliseconds since the epoch, by the server's clock. */
  sentAt: z.number(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** Emoji offered as reactions; one grapheme, at most a few code points. */
export const Reaction = z.string().min(1).max(16);
