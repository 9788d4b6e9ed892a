import { Banned, ChatMessage, PeerId, Role, RoomId } from '@potluck/protocol';
import { z } from 'zod';

/** What people would miss if the server restarted: everything about a room but its media. */
export const RoomRecord = z.object({
  id: RoomId,
  startedAt: z.number(),
  /** Milliseconds since the epoch. */
  savedAt: z.number(),
  locked: z.boolean(),
  /** Kept open until then although nobody is in it, with a limit of its own. Milliseconds since the epoch. */
  reserved: z.object({ until: z.number(), maxPeers: z.int() }).optional(),
  /** Salted hash of the password, as `salt:hash` in hex. */
  password: z.string().optional(),
  /** Who was put out for good, with the address where it tells people apart. Absent in records of before bans were kept. */
  bans: z.array(Banned.extend({ address: z.string().exactOptional() })).optional(),
  chat: z.array(ChatMessage),
  members: z.array(
    z.object({
      peerId: PeerId,
      displayName: z.string(),
      role: Role,
      handRaisedAt: z.number().optional(),
      /** SHA-256 of the resume token, in hex: only who holds the token is taken for this member again. */
      tokenHash: z.string(),
    }),
  ),
});
export type RoomRecord = z.infer<typeof RoomRecord>;
export type KeptMember = RoomRecord['members'][number];
export type KeptBan = NonNullable<RoomRecord['bans']>[number];

/** Keeps rooms over a restart of the server. */
export type RoomStore = {
  load(id: RoomId): RoomRecord | undefined;
  /** Records of rooms that are still to be kept open. */
  reserved(): RoomRecord[];
  save(record: RoomRecord): void;
  forget(id: RoomId): void;
  close(): void;
};
