import { z } from 'zod';
import { PeerId, RoomId } from './ids.ts';

/** The WebSocket sub-protocol that every dialect offers and gets echoed. */
export const subprotocol = 'protoo';

/**
 * Secrets travel as sub-protocols offered beside `protoo`, and are never echoed: URLs are kept by proxies, logs and
 * histories. The same in the query is taken too, for clients that cannot do otherwise; the sub-protocol wins.
 */
export const secretProtocols = { token: 'potluck.token.', resume: 'potluck.resume.' } as const;

/**
 * A secret as RFC 9110 §5.6.2 lets a sub-protocol be: JWTs and ours are such by nature. What is not, is no valid secret; it
 * stays none.
 */
export const asToken = (secret: string): string => secret.replaceAll(/[^\w.~-]/gu, '~');

/**
 * `v3`: any client of the mediasoup demo, version 3. `potluck`: our own client, which gets more: a numbered, resumable
 * stream of frames, prepared transports, batched consumers, chat with history.
 */
export const Dialect = z.enum(['v3', 'potluck']);
export type Dialect = z.infer<typeof Dialect>;

/** `client=potluck` in the connection URL announces our own client. */
export const ownClientMark = 'potluck';

const flag = z
  .string()
  .optional()
  .transform((text) => text !== undefined && text !== 'false' && text !== '0');
const flagOn = z
  .string()
  .optional()
  .transform((text) => text !== 'false' && text !== '0');
const wholeNumber = (text: string | undefined) => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0);

/** The query of the connection URL. Unknown parameters are ignored: old clients send more. */
export const ConnectionQuery = z.object({
  roomId: RoomId,
  peerId: PeerId,
  /** Browsers send the word `undefined` when it is unset. Only whoever creates the room decides. */
  consumerReplicas: z.string().optional().transform(wholeNumber),
  client: z.string().max(32).optional(),
  /** Own clients: which transports to prepare before the first message, and how. */
  produce: flagOn,
  consume: flagOn,
  datachannel: flagOn,
  forceTcp: flag,
  /** Own clients, coming back: the token of `welcome` and the number of the last frame received. */
  resume: z.string().max(200).optional(),
  ack: z.string().optional().transform(wholeNumber),
  /** Access token, where the server asks for one. */
  token: z.string().max(8192).optional(),
});
export type ConnectionQuery = z.output<typeof ConnectionQuery>;

/** The very first frame to our own client: whether its stream goes on (`resumed`) or a new one begins. */
export const LinkHello = z.object({ link: z.enum(['opened', 'resumed']), ack: z.int().nonnegative() });
export type LinkHello = z.infer<typeof LinkHello>;
