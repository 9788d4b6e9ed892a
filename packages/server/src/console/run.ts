import { AppError } from '@potluck/kernel';
import { nearest } from '../config/suggest.ts';
import { allCommands, findCommand } from './commands/all.ts';
import { usageOf, type Command } from './command.ts';
import type { CommandDeps } from './deps.ts';
import type { Outcome } from './result.ts';
import { splitWords } from './words.ts';

export type Parsed = { readonly command: Command; readonly args: readonly string[]; readonly json: boolean };

/** Reads a command line. `undefined` for an empty one; throws `bad_request` that says what is wrong with it. */
export function parseLine(line: string): Parsed | undefined {
  const words = splitWords(line);
  const [name, ...args] = words.filter((word) => word !== '--json');
  if (name === undefined) return undefined;
  const command = findCommand(name);
  if (command === undefined) {
    const near = nearest(
      name,
      allCommands.map((one) => one.name),
    );
    const hint = near === undefined ? 'type help for the list' : `did you mean ${near}? Type help for the list`;
    throw new AppError('bad_request', `unknown command "${name}"; ${hint}`);
  }
  checkCount(command, args);
  return { command, args, json: words.includes('--json') };
}

function checkCount(command: Command, args: readonly string[]): void {
  const option = args.find((word) => word.startsWith('--'));
  if (option !== undefined) throw new AppError('bad_request', `unknown option "${option}"; allowed: --json`);
  const { params } = command;
  const least = params.filter(({ optional }) => !optional).length;
  const most = params.some(({ rest }) => rest) ? Infinity : params.length;
  if (args.length >= least && args.length <= most) return;
  const what = args.length < least ? 'something is missing' : `"${args[most]}" is too much`;
  throw new AppError('bad_request', `${what}; usage: ${usageOf(command)}`);
}

export const runCommand = async ({ command, args }: Parsed, deps: CommandDeps): Promise<Outcome> =>
  command.run({ args, deps });
