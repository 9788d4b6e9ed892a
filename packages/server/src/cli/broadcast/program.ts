import process from 'node:process';
import { AppError } from '@potluck/kernel';
import { Interrupt } from '../interrupt.ts';

/** What a command says while it runs. */
export type Screen = {
  /** A line that stays. */
  say(line: string): void;
  /** How it goes: rewritten in place on a terminal, else now and then a line. */
  progress(line: string): void;
};

export type Command = (args: string[], context: { screen: Screen; signal: AbortSignal }) => Promise<void>;

/** Between lines of progress where they cannot be rewritten. */
const quietMs = 10_000;

/**
 * Runs a command as the process. Ctrl-C, SIGTERM and SIGHUP abort `signal`, once; a second one ends the process at once.
 * Exit codes: 0 done or asked to end, 1 failed, 2 wrong arguments.
 */
export async function runProgram(name: string, command: Command): Promise<void> {
  const interrupt = new Interrupt(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.hear());
  // Whoever read our output may go away (`| head`); the media goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const screen = terminalScreen();
  let code = 0;
  try {
    await command(process.argv.slice(2), { screen, signal: interrupt.signal });
  } catch (error) {
    const known = error instanceof AppError;
    process.stderr.write(`${name}: ${known ? error.message : stackOf(error)}\n`);
    code = known && error.code === 'bad_request' ? 2 : 1;
  }
  process.exit(code);
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

function terminalScreen(): Screen {
  const { stdout } = process;
  let open = false;
  let lastAt = -quietMs;
  return {
    say: (line) => {
      stdout.write(`${open ? '\n' : ''}${line}\n`);
      open = false;
    },
    progress: (line) => {
      if (stdout.isTTY) {
        stdout.write(`\r\u001b[2K${line.slice(0, Math.max(20, stdout.columns - 1))}`);
        open = true;
      } else if (performance.now() - lastAt >= quietMs) {
        lastAt = performance.now();
        stdout.write(`${line}\n`);
      }
    },
  };
}
