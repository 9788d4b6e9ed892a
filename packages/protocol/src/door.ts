import { z } from 'zod';
import { PeerId, RoomId } from './ids.ts';

/**
 * What stands between somebody and a room. Browsers cannot read why a WebSocket was refused, so a client that gets none
 * asks here, to say it in words. It tells nothing that trying to enter would not tell.
 */
export const DoorAnswer = z.object({
  door: z.enum([
    /** Nothing. */
    'open',
    /** Somebody in the room has to let them in. */
    'lobby',
    /** The password of the room. */
    'password',
    /** This server lets in only who has a token. */
    'tokenNeeded',
    /** The token that was shown is not valid here, for whatever reason. */
    'tokenRefused',
    'locked',
    'banned',
    /** As many are in the room as may be. */
    'full',
    /** Somebody else is in the room under this id. */
    'taken',
  ]),
  /** The server's clock, in milliseconds since the epoch: tokens run out by it. */
  now: z.number(),
});
export type DoorAnswer = z.output<typeof DoorAnswer>;
export type DoorKind = DoorAnswer['door'];

const Nothing = z.object({});

/** Asked by anybody, with the access token as bearer if there is one. */
export const doorRoutes = {
  askDoor: {
    method: 'post',
    path: '/api/door',
    summary: 'What somebody needs to enter a room. Opens nothing, enters nothing.',
    params: Nothing,
    query: Nothing,
    body: z.object({
      roomId: RoomId,
      peerId: PeerId.describe('Under which id they would enter.'),
      resume: z.string().max(200).optional().describe('The secret of a session to come back to.'),
    }),
    answer: { as: 'json', schema: DoorAnswer },
  },
} as const;
