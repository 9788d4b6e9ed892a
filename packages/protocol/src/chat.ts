import { z } from 'zod';
import { PeerId } from './ids.ts';
import { cleanLine } from './text.ts';

/** Code points of one message. */
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

/** An emoji, or a word as short: one line, with nothing in it that cannot be seen. */
export const Reaction = z
  .string()
  .min(1)
  .max(16)
  .refine((text) => cleanLine(text, 16) === text, 'must be visible characters on one line');
