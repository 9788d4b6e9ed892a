import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Media made, sent, received and measured with the real programs, for tests. */

const execute = promisify(execFile);
const potluck = fileURLToPath(new URL('../../server/bin/potluck.mjs', import.meta.url));

/** Whether a program is installed here. Where it is not, tests that need it are skipped. */
export async function isInstalled(program: string): Promise<boolean> {
  return execute('sh', ['-c', 'command -v "$1"', 'sh', program]).then(
    () => true,
    () => false,
  );
}

/** Writes a WebM file with a moving test picture (VP8, a key frame a second) and a tone of 440 Hz (Opus). */
export async function generateMedia(
  file: string,
  { seconds, audio = true, video = true }: { seconds: number; audio?: boolean; video?: boolean },
): Promise<void> {
  await execute('ffmpeg', [
    ...['-v', 'error', '-y', '-t', String(seconds)],
    ...(video ? ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25'] : []),
    ...(audio ? ['-t', String(seconds), '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'] : []),
    ...(video ? ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-g', '25'] : []),
    ...(audio ? ['-c:a', 'libopus', '-b:a', '48k', '-ac', '2'] : []),
    file,
  ]);
}

const Probed = z.object({
  streams: z.array(z.object({ codec_type: z.string(), codec_name: z.string() })),
  format: z.object({ duration: z.coerce.number() }),
});

/** What ffprobe reads of a file: its codecs by kind, and its duration in seconds. Rejects for what is no media file. */
export async function probeMedia(file: string): Promise<{ audio?: string; video?: string; duration: number }> {
  const { stdout } = await execute('ffprobe', [
    ...['-v', 'error', '-of', 'json', '-show_streams', '-show_entries', 'format=duration', file],
  ]);
  const { streams, format } = Probed.parse(JSON.parse(stdout));
  const codecs = Object.fromEntries(streams.map(({ codec_type: kind, codec_name: codec }) => [kind, codec]));
  const { audio, video } = codecs;
  return {
    duration: format.duration,
    ...(audio !== undefined && { audio }),
    ...(video !== undefined && { video }),
  };
}

/** A `potluck` command as a process of its own. Ended with the test. */
export type CommandRun = AsyncDisposable & {
  readonly pid: number;
  /** All that it has said so far, errors too. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** Settles when it has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** Runs `potluck …args`, or with `program` another one with these arguments. */
export function runCommand(
  args: readonly string[],
  { program = process.execPath, env = {} }: { program?: string; env?: { [name: string]: string } } = {},
): CommandRun {
  const all = program === process.execPath ? [potluck, ...args] : args;
  const child = spawn(program, all, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: z.number().nullable().parse(code),
    signal: (typeof signal === 'string' ? signal : null) as NodeJS.Signals | null,
  }));
  return {
    pid: child.pid ?? 0,
    output: () => output,
    kill: (signal) => child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Processes of this machine (Linux) with this text among their arguments, by pid, other than the commands given. */
export async function processesWith(text: string, program: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const [name = '', ...args] = line.split('\0');
      return name.endsWith(program) && args.some((arg) => arg.includes(text)) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
