import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { AppError } from '@potluck/kernel';

/** Where a program is, or `undefined`. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = process.platform === 'win32' ? [`${name}.exe`, name] : [name];
  return folders.flatMap((folder) => names.map((file) => join(folder, file))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly said: string };

/** A program at work for us. It ends with us, however we end. */
export type Child = {
  /** Settles once, when it has ended. Rejects if it could not be started. */
  readonly ended: Promise<Ended>;
  /** Asks it to end in order, and makes it after a while. */
  stop(): Promise<void>;
};

const hurryAfterMs = 700;
const stopWithinMs = 5_000;
/** The end of what it said is what explains its end. */
const keptLines = 12;

/** Starts a program without a terminal. `onLine` hears what it prints; what it complains about comes with its end. */
export function startChild(program: string, args: readonly string[], onLine: (line: string) => void = () => {}): Child {
  // In a group of its own, so that Ctrl-C comes to us alone and we end things in order.
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' });
  const lastWords: string[] = [];
  createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim() === '') return;
    lastWords.push(line.trim());
    if (lastWords.length > keptLines) lastWords.shift();
  });
  const guard = guardOf(child);
  const { promise: ended, resolve, reject } = Promise.withResolvers<Ended>();
  child.once('error', (error) => reject(new AppError('unavailable', `cannot run ${program}: ${error.message}`)));
  child.once('close', (code, signal) => resolve({ code, signal, said: lastWords.join('\n') }));
  const settled = ended.then(
    () => guard?.kill(),
    () => guard?.kill(),
  );
  return {
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      const timers = [
        // ffmpeg takes the first for «when you come to it»: one that waits for packets does not come to it.
        setTimeout(() => child.kill('SIGTERM'), hurryAfterMs),
        setTimeout(() => child.kill('SIGKILL'), stopWithinMs),
      ];
      await settled;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** A shell that waits for our end, which closes its input, and then ends the child: `kill -9` leaves no one to do it. */
function guardOf({ pid }: ChildProcess): ChildProcess | undefined {
  if (pid === undefined || process.platform === 'win32') return undefined;
  const script = 'while read -r _; do :; done; kill "$1" 2>/dev/null';
  const guard = spawn('sh', ['-c', script, 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
  guard.unref();
  return guard;
}
