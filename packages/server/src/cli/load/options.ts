import process from 'node:process';
import { parseArgs } from 'node:util';
import { AppError, messageOf } from '@potluck/kernel';
import { RoomId } from '@potluck/protocol';

export const loadUsage = `Usage: potluck load --room ROOM [--publishers N] [--subscribers N] [--people N] [options]

Fills a room with clients that really connect (ICE, DTLS, SRTP), send and receive, and says how well it went.

  --room ROOM          the room; made when it is not there
  --publishers N       clients that only send sound and picture (default 1)
  --subscribers N      clients that only receive (default 1)
  --people N           clients that do both (default 0)
  --duration TIME      how long, once all are in: 30, 30s, 5m, 1h (default 30s)
  --url URL            the server (default https://localhost:4443)
  --rate N             how many join a second; 0: all at once (default 20)
  --tiles N            receive only the first N pictures, as large as N tiles are (default: all)
  --bitrate KBITS      of the largest picture, in kbit/s; the smaller ones follow (default 1400)
  --fps N              pictures a second, 1 to 60 (default 25)
  --speakers N         how many talk at a time, in turns; the others send silence (default 2)
  --no-video           sound only
  --check N            decrypt and authenticate one packet of N; all are counted (default 1)
  --out FOLDER         where the report goes (default: load-report in this folder)
  --token TOKEN        an access token, where the server asks for one (or POTLUCK_TOKEN in the environment)
  --password WORD      of the room, where it has one
  --api-key KEY        of the server, to be told what its workers use; not needed on this machine
                       (better in the environment, as POTLUCK_API_KEY)
  --insecure           accept any certificate (on this machine it always is)

Writes report.html and report.json. Ctrl-C ends early, and writes them too. Exit codes: 0 done, 1 nobody got in, 2 wrong arguments.`;

export type LoadOptions = {
  readonly url: URL;
  readonly roomId: RoomId;
  readonly publishers: number;
  readonly subscribers: number;
  readonly people: number;
  readonly durationMs: number;
  /** Joins a second; 0: all at once. */
  readonly rate: number;
  readonly tiles: number | undefined;
  /** Of the largest picture, in bits per second. */
  readonly bitrate: number;
  readonly fps: number;
  readonly speakers: number;
  readonly video: boolean;
  readonly openEvery: number;
  readonly token: string | undefined;
  readonly password: string | undefined;
  readonly apiKey: string | undefined;
  readonly insecure: boolean;
};

/** `undefined`: help is wanted. Throws `bad_request` with all that is wrong. */
export function readLoadOptions(args: string[]): (LoadOptions & { readonly out: string }) | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const problems: string[] = [];
  const whole = (name: string, text: string, min: number, max: number): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push(`--${name} is "${text}"; allowed: a whole number from ${min} to ${max}`);
    return min;
  };
  const roomId = RoomId.safeParse(values.room ?? '');
  if (!roomId.success) problems.push(`--room: ${roomId.error.issues[0]?.message ?? 'is missing'}`);
  const url = URL.canParse(values.url) ? new URL(values.url) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) {
    problems.push(`--url is "${values.url}"; allowed: a URL like https://meet.example.org:4443`);
  }
  const publishers = whole('publishers', values.publishers ?? (values.people === undefined ? '1' : '0'), 0, 2_000);
  const subscribers = whole('subscribers', values.subscribers ?? (values.people === undefined ? '1' : '0'), 0, 5_000);
  const people = whole('people', values.people ?? '0', 0, 2_000);
  if (publishers + subscribers + people === 0)
    problems.push('nobody would join: --publishers, --subscribers, --people');
  const durationMs = durationOf(values.duration);
  if (durationMs === undefined) {
    problems.push(`--duration is "${values.duration}"; allowed: 1s to 24h, like 30, 30s, 5m, 1h`);
  }
  const rest = {
    rate: whole('rate', values.rate, 0, 1_000),
    tiles: values.tiles === undefined ? undefined : whole('tiles', values.tiles, 0, 200),
    bitrate: whole('bitrate', values.bitrate, 20, 20_000) * 1000,
    fps: whole('fps', values.fps, 1, 60),
    speakers: whole('speakers', values.speakers, 0, 2_000),
    openEvery: whole('check', values.check, 1, 10_000),
  };
  if (problems.length > 0 || url === undefined || !roomId.success || durationMs === undefined) throw wrong(problems);
  const { video, token = process.env['POTLUCK_TOKEN'], password, insecure, out } = values;
  const apiKey = values['api-key'] ?? process.env['POTLUCK_API_KEY'];
  const who = { url, roomId: roomId.data, publishers, subscribers, people };
  return { ...who, ...rest, durationMs, video, token, password, apiKey, insecure, out };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowNegative: true,
      options: {
        room: { type: 'string' },
        publishers: { type: 'string' },
        subscribers: { type: 'string' },
        people: { type: 'string' },
        duration: { type: 'string', default: '30s' },
        url: { type: 'string', default: 'https://localhost:4443' },
        rate: { type: 'string', default: '20' },
        tiles: { type: 'string' },
        bitrate: { type: 'string', default: '1400' },
        fps: { type: 'string', default: '25' },
        speakers: { type: 'string', default: '2' },
        video: { type: 'boolean', default: true },
        check: { type: 'string', default: '1' },
        out: { type: 'string', default: 'load-report' },
        token: { type: 'string' },
        password: { type: 'string' },
        'api-key': { type: 'string' },
        insecure: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw wrong([messageOf(error)]);
  }
}

const units: { readonly [unit: string]: number } = { '': 1_000, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds; `undefined` for what is no time between a second and a day. */
export function durationOf(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([smh]?)$/u.exec(text.trim()) ?? [];
  const ms = Number(number) * (units[unit] ?? NaN);
  return ms >= 1_000 && ms <= 86_400_000 ? ms : undefined;
}

const wrong = (problems: readonly string[]): AppError =>
  new AppError('bad_request', `${problems.join('\n  ')}\n\n${loadUsage}`);
