import { messageOf } from '@potluck/kernel';
import { readArguments, type ClientArguments } from './arguments.ts';
import { runClient } from './client.ts';
import { locateConsole } from './locate.ts';

const statuses = { ok: 0, misused: 2, noServer: 3 };
const options = `
  --port N            the server whose HTTPS port this is; needed where several run
  --data-folder PATH  where that server keeps its data, if not in the usual place
  --socket PATH       the console's socket itself
`;

export type Kind = 'connect' | 'exec';

const usages: { readonly [K in Kind]: string } = {
  connect: `Usage: potluck connect [options]\nAttaches this terminal to the console of the running server.\n${options}`,
  exec: `Usage: potluck exec [options] COMMAND\nCarries out one console command and exits with its status: 0 done, 1 failed,\n2 misused, 3 no server answers. With --json in it the answer is data.\n${options}`,
};

/** `potluck connect` and `potluck exec`: everything of the process that they need. Resolves with the exit status. */
export async function runProgram(kind: Kind): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  const args = process.argv.slice(2);
  let read: ClientArguments;
  try {
    read = readArguments(args[0] === kind ? args.slice(1) : args);
    if (kind === 'connect' && read.line !== '') throw new Error(`"${read.line}" is too much; for one command use exec`);
    if (kind === 'exec' && read.line.trim() === '' && !read.help) throw new Error('a command is missing');
  } catch (error) {
    stderr.write(`potluck ${kind}: ${messageOf(error)}\n\n${usages[kind]}`);
    return statuses.misused;
  }
  if (read.help) {
    stdout.write(usages[kind]);
    return statuses.ok;
  }
  const found = await locateConsole(read, env, process.cwd());
  if (found.kind === 'none') return noServer(found.reason);
  const colors = Boolean(!env['NO_COLOR'] && (env['FORCE_COLOR'] || (stdout.isTTY && stdout.hasColors())));
  try {
    const streams = { input: stdin, output: stdout, errors: stderr, colors };
    const { status, farewell } = await runClient(found.path, streams, kind === 'exec' ? read.line : undefined);
    if (farewell !== '') stderr.write(`${farewell}\n`);
    return status;
  } catch (error) {
    return noServer(`${found.path}: ${messageOf(error)}`);
  }
}

function noServer(reason: string): number {
  process.stderr.write(`potluck: ${reason}\n`);
  return statuses.noServer;
}

/** Ends the process once everything that was written is out: a pipe may be slow. */
export async function exitWith(status: number): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
    await promise;
  }
  process.exit(status);
}
