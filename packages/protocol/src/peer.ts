import { z } from 'zod';
import { Role } from './access.ts';
import { PeerId, ProducerId } from './ids.ts';
import { MediaKind } from './rtp.ts';
import { line } from './text.ts';

/** Code points; what is longer is cut. */
export const displayNameMax = 80;
export const DisplayName = line(displayNameMax);

/** The program a participant uses. v3 web clients read it of every peer without asking, so it is always there. */
export const Device = z.object({
  flag: line(32),
  name: line(64),
  version: z
    .union([z.string().max(10_000), z.number()])
    .transform((version) => String(version).slice(0, 64))
    .exactOptional(),
});
export type Device = z.output<typeof Device>;
/** Of whoever does not say what it is. */
export const unknownDevice: Device = { flag: 'unknown', name: 'unknown' };

/** Absent or odd descriptions of the device are replaced, not refused. */
export const DeviceOrUnknown = z
  .unknown()
  .optional()
  .transform((device): Device => Device.safeParse(device).data ?? unknownDevice);

/** A participant, as v3 clients are told. */
export const PeerInfo = z.object({ id: PeerId, displayName: z.string().exactOptional(), device: Device });
export type PeerInfo = z.infer<typeof PeerInfo>;

/** What a stream shows. `share: true` in a producer's appData is how v3 clients mark a screen. */
export const Source = z.enum(['microphone', 'camera', 'screen', 'screen-audio', 'other']);
export type Source = z.infer<typeof Source>;

export const ProducerInfo = z.object({ id: ProducerId, kind: MediaKind, source: Source, paused: z.boolean() });
export type ProducerInfo = z.infer<typeof ProducerInfo>;

/** A participant, as our own clients are told: everything one can show about it without consuming its media. */
export const Participant = z.object({
  ...PeerInfo.shape,
  /** `broadcaster`: driven over HTTP, sends or receives without signalling. */
  kind: z.enum(['peer', 'broadcaster']),
  role: Role.default('speaker'),
  /** Milliseconds since the epoch, by the server's clock. */
  joinedAt: z.number(),
  /** `reconnecting`: its signalling socket is gone, its media may still flow. */
  connection: z.enum(['connected', 'reconnecting']),
  /** When the hand went up, by the server's clock; absent when it is down. */
  handRaisedAt: z.number().exactOptional(),
  producers: z.array(ProducerInfo),
});
export type Participant = z.infer<typeof Participant>;

/** What is set for the room as a whole. */
export const RoomRules = z.object({ locked: z.boolean().default(false), passwordSet: z.boolean().default(false) });
export type RoomRules = z.infer<typeof RoomRules>;
