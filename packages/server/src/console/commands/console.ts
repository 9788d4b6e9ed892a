import { AppError } from '@potluck/kernel';
import { usageOf, type Command } from '../command.ts';
import { outcomeOf } from '../result.ts';

export const terminal: Command = {
  name: 'terminal',
  alias: 't',
  group: 'Console',
  params: [],
  summary: 'a Node.js REPL inside the server with the engine’s objects; .exit comes back here',
  run: () => ({ kind: 'repl' }),
};

export const quit: Command = {
  name: 'quit',
  group: 'Console',
  params: [],
  summary: 'leave the console; the server goes on',
  run: () => ({ kind: 'quit' }),
};

/** Made last, for it tells of all others. */
export function helpOn(others: readonly Command[]): Command {
  const help: Command = {
    name: 'help',
    alias: 'h',
    group: 'Console',
    params: [{ name: 'command', kind: 'command', optional: true }],
    summary: 'this list, or one command of it',
    run: ({ args: [name] }) => {
      const all = [help, ...others];
      const shown = name === undefined ? all : all.filter((one) => one.name === name || one.alias === name);
      if (shown.length === 0) throw new AppError('not_found', `command "${name}" not found`);
      const hints = 'Beginnings of ids will do. Tab completes. --json answers as data.';
      return outcomeOf({
        parts: [
          { kind: 'table', table: helpTable(shown) },
          ...(name === undefined ? [{ kind: 'note', text: hints, tone: 'quiet' } as const] : []),
        ],
        data: shown.map((one) => ({ ...describe(one) })),
      });
    },
  };
  return help;
}

const describe = ({ name, alias, group, summary, ...rest }: Command) => ({
  name,
  alias,
  group,
  usage: usageOf({ name, group, summary, ...rest }),
  summary,
});

const helpTable = (shown: readonly Command[]) => ({
  columns: [{ head: 'command' }, { head: 'short' }, { head: 'what it does', atLeast: 16 }],
  rows: shown
    .toSorted((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group))
    .map((one) => [usageOf(one), one.alias ?? '', one.summary]),
  whenEmpty: '',
});

const groups: readonly Command['group'][] = ['Console', 'Server', 'Rooms', 'Engine'];
