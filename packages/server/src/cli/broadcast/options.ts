import process from 'node:process';
import { parseArgs } from 'node:util';
import { AppError, messageOf } from '@potluck/kernel';
import { PeerId, RoomId } from '@potluck/protocol';
import type { ServerOptions } from './server-api.ts';

const common = `  --room ROOM          the room
  --server URL         the server (default https://localhost:4443)
  --insecure           accept any certificate (on this machine it always is)
  --name NAME          the name that others see
  --token TOKEN        an access token or the key of the API, where the server asks for one
                       (better in the environment, as POTLUCK_TOKEN)`;

export const broadcastUsage = `Usage: potluck broadcast FILE|URL|camera --room ROOM [options]

Sends a file, a stream or a camera into a room. A file is repeated until Ctrl-C.

${common}
  --tool TOOL          ffmpeg or gstreamer (default: whichever is installed)
  --once               end with the end of the file`;

export const listenUsage = `Usage: potluck listen --room ROOM --out FILE.webm|.mkv|.mp4 [options]

Writes what somebody in a room sends into a file, until Ctrl-C or until it ends.

${common}
  --peer PEER          whose media: an id or a name (default: the first who sends)
  --seconds N          how long`;

const commonOptions = {
  room: { type: 'string' },
  server: { type: 'string', default: 'https://localhost:4443' },
  insecure: { type: 'boolean', default: false },
  name: { type: 'string' },
  token: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export type BroadcastOptions = ServerOptions & {
  readonly source: string;
  readonly roomId: RoomId;
  readonly name: string | undefined;
  readonly tool: 'ffmpeg' | 'gstreamer' | undefined;
  readonly once: boolean;
};

export type ListenOptions = ServerOptions & {
  readonly roomId: RoomId;
  readonly out: string;
  readonly name: string;
  readonly peer: string | undefined;
  readonly seconds: number | undefined;
};

/** `undefined`: help is wanted. Throws `bad_request` with all that is wrong. */
export function readBroadcastOptions(args: string[]): BroadcastOptions | undefined {
  const { values, positionals } = parse(broadcastUsage, () =>
    parseArgs({
      args,
      allowPositionals: true,
      options: { ...commonOptions, tool: { type: 'string' }, once: { type: 'boolean', default: false } },
    }),
  );
  if (values.help) return undefined;
  const problems: string[] = [];
  const [source = '', ...rest] = positionals;
  if (source === '') problems.push('what to send is missing: a file, a URL, or the word camera');
  if (rest.length > 0) problems.push(`only one source can be sent; "${rest[0]}" is too much`);
  const { tool } = values;
  if (tool !== undefined && tool !== 'ffmpeg' && tool !== 'gstreamer') {
    problems.push(`--tool must be ffmpeg or gstreamer, not "${tool}"`);
    throw wrong(problems, broadcastUsage);
  }
  const shared = readCommon(values, problems, broadcastUsage);
  return { ...shared, source, name: values.name, tool, once: values.once };
}

export function readListenOptions(args: string[]): ListenOptions | undefined {
  const { values } = parse(listenUsage, () =>
    parseArgs({
      args,
      options: { ...commonOptions, out: { type: 'string' }, peer: { type: 'string' }, seconds: { type: 'string' } },
    }),
  );
  if (values.help) return undefined;
  const problems: string[] = [];
  const { out = '', peer, name = 'Recorder' } = values;
  if (!/\.(webm|mkv|mp4)$/iu.test(out)) problems.push('--out must name a file that ends in .webm, .mkv or .mp4');
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0 && seconds <= 86_400)) {
    problems.push('--seconds must be a number from above 0 to 86400');
  }
  return { ...readCommon(values, problems, listenUsage), out, peer, name, seconds };
}

function parse<T>(usage: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw wrong([messageOf(error)], usage);
  }
}

type CommonValues = {
  room?: string | undefined;
  server: string;
  insecure: boolean;
  token?: string | undefined;
};

function readCommon(
  { room = '', server, insecure, token = process.env['POTLUCK_TOKEN'] }: CommonValues,
  problems: string[],
  usage: string,
) {
  const roomId = RoomId.safeParse(room);
  if (!roomId.success) problems.push(`--room: ${roomId.error.issues[0]?.message ?? 'is missing'}`);
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) {
    problems.push(`--server must be a URL like https://meet.example.org:4443, not "${server}"`);
  }
  if (problems.length > 0 || url === undefined || !roomId.success) throw wrong(problems, usage);
  return { roomId: roomId.data, server: url, insecure, token };
}

const wrong = (problems: readonly string[], usage: string): AppError =>
  new AppError('bad_request', `${problems.join('\n  ')}\n\n${usage}`);

/** An id that nobody else has: `ffmpeg-` and 8 random characters. */
export const newPeerId = (what: string): PeerId =>
  PeerId.parse(`${what}-${crypto.randomUUID().replaceAll('-', '').slice(0, 8)}`);
