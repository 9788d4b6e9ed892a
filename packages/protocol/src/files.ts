import { z } from 'zod';
import { PeerId } from './ids.ts';
import { cleanLine } from './text.ts';

/** Code points; what is longer is cut, with the ending kept. */
export const fileNameMax = 160;

/** What Windows, macOS and Linux do not take in a name, or take for a path. */
const reserved = /[<>:"|?*/\\]/gu;
const windowsDevice = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;

/**
 * A name under which a file of somebody else can be saved and shown: no path, no control or deceptive characters, not
 * hidden, at most `fileNameMax` code points with the ending kept. Never empty.
 */
export function cleanFileName(name: string): string {
  const last = name.split(/[/\\]/u).findLast((part) => part.trim() !== '') ?? '';
  const line = cleanLine(last, 10_000)
    .replace(reserved, '_')
    .replace(/^[.\s]+|[.\s]+$/gu, '');
  const safe = windowsDevice.test(line) ? `_${line}` : line;
  const points = Array.from(safe);
  if (points.length <= fileNameMax) return safe === '' ? 'file' : safe;
  const ending = Array.from(/\.[^.]{1,16}$/u.exec(safe)?.[0] ?? '');
  return [...points.slice(0, fileNameMax - ending.length), ...ending].join('');
}

const FileName = z.string().min(1).max(10_000).transform(cleanFileName);
const mediaType = /^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64}$/u;
/** What the sender says that it is (RFC 6838 §4.2); whatever does not look like one is just bytes. */
const FileType = z
  .string()
  .max(1000)
  .transform((type) => (mediaType.test(type) ? type.toLowerCase() : 'application/octet-stream'));

/** Chosen by who offers it. */
export const FileId = z.string().min(1).max(64).brand<'FileId'>();
export type FileId = z.infer<typeof FileId>;
/** Chosen by who fetches. */
export const TransferId = z.string().min(1).max(64).brand<'TransferId'>();
export type TransferId = z.infer<typeof TransferId>;

/** A file that somebody in the room is ready to send. The server knows of it no more than this. */
export const FileOffer = z.object({
  id: FileId,
  peerId: PeerId,
  /** The sender's name at that moment. */
  displayName: z.string(),
  name: FileName,
  /** Bytes. */
  size: z.int().min(0),
  type: FileType,
  /** Milliseconds since the epoch, by the server's clock. */
  offeredAt: z.number(),
});
export type FileOffer = z.infer<typeof FileOffer>;

/** Why a transfer is over. `left`: the other one is gone. */
export const FileEnd = z.enum(['received', 'cancelled', 'withdrawn', 'left', 'failed']);
export type FileEnd = z.infer<typeof FileEnd>;

/** How far a receiver is. `epoch` counts its attempts: what was sent for an earlier one does not count. */
const FileReport = z.object({
  transferId: TransferId,
  epoch: z.int().min(0).max(1_000_000),
  /** Bytes received in order, of the whole file. */
  received: z.int().min(0),
});

const Nothing = z.object({});

/** Part of `ownRequests`. */
export const fileRequests = {
  offerFile: {
    summary:
      'Offers a file to everyone in the room, and to who comes later, until it is withdrawn or its owner leaves. `too_large` beyond what the server allows.',
    input: z.object({ id: FileId, name: FileName, size: z.int().min(0), type: FileType }),
    output: FileOffer,
  },
  withdrawFile: {
    summary: 'Ends an own offer, and all transfers of it.',
    input: z.object({ fileId: FileId }),
    output: Nothing,
  },
  fetchFile: {
    summary:
      'Asks the owner for a file (`fileWanted`). It comes on a data channel with the label `file` to this peer alone. The same `transferId` again goes on with an interrupted transfer.',
    input: z.object({ fileId: FileId, transferId: TransferId }),
    output: Nothing,
  },
  reportFile: {
    summary: 'Says how far the receiver is: the owner sends no more than a window beyond it.',
    input: FileReport,
    output: Nothing,
  },
  endFile: {
    summary: 'Ends a transfer, from either side.',
    input: z.object({ transferId: TransferId, reason: FileEnd }),
    output: Nothing,
  },
} as const;

/** Part of `ownNotices`. */
export const fileNotices = {
  fileOffered: { summary: 'Somebody offers a file.', data: FileOffer },
  fileWithdrawn: { summary: 'A file can no longer be had.', data: z.object({ fileId: FileId }) },
  fileWanted: {
    summary: 'Somebody wants an own file, or wants it to go on.',
    data: z.object({ transferId: TransferId, fileId: FileId, by: PeerId }),
  },
  fileReported: { summary: 'How far the receiver of an own file is.', data: FileReport },
  fileEnded: {
    summary: 'The other side ended a transfer.',
    data: z.object({ transferId: TransferId, reason: FileEnd }),
  },
} as const;
