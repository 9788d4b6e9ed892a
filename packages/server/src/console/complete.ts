import { engineKinds, measuredKinds, type EngineKind } from '../media/inspect.ts';
import { allCommands, findCommand } from './commands/all.ts';
import { everybody } from './commands/peers.ts';
import { workerLogLevels, workerLogTags } from './commands/worker-log.ts';
import type { ParamKind } from './command.ts';
import type { CommandDeps } from './deps.ts';
import { clean } from './render/text.ts';
import { quoteWord, readWords } from './words.ts';

/** What may stand at the end of this line, each as it would be typed, and the piece of the line that it replaces. */
export function completeLine(line: string, deps: CommandDeps): [candidates: string[], typed: string] {
  const { words, wordAt } = readWords(line);
  const between = wordAt === line.length;
  const done = between ? words : words.slice(0, -1);
  const begun = between ? '' : (words.at(-1) ?? '');
  const typed = line.slice(wordAt);
  const fitting = candidates(done, begun, deps)
    // A name that could draw on the terminal is not offered.
    .filter((word) => word.startsWith(begun) && clean(word) === word);
  return [fitting.map((word) => (fitting.length === 1 ? `${quoteWord(word)} ` : quoteWord(word))), typed];
}

function candidates([name, ...args]: readonly string[], begun: string, deps: CommandDeps): string[] {
  if (name === undefined) return commandNames(begun);
  const command = findCommand(name);
  if (command === undefined) return [];
  if (begun.startsWith('-')) return args.includes('--json') ? [] : ['--json'];
  const given = args.filter((word) => word !== '--json').length;
  const param = command.params[given] ?? command.params.findLast(({ rest }) => rest);
  return param === undefined ? [] : valuesOf(param.kind, begun, deps);
}

/** Short names are for the fingers; they are offered only where no long one fits. */
function commandNames(begun: string): string[] {
  const names = allCommands.map(({ name }) => name);
  if (names.some((name) => name.startsWith(begun))) return names;
  return allCommands.flatMap(({ alias }) => alias ?? []);
}

function valuesOf(kind: ParamKind, begun: string, deps: CommandDeps): string[] {
  switch (kind) {
    case 'room':
      return [...deps.registry.rooms.keys()];
    case 'peer':
      return peerNames(begun, deps);
    case 'object':
      return measuredKinds.flatMap((measured) => deps.inspector.ids(measured));
    case 'command':
      return commandNames(begun);
    case 'logLevel':
      return [...workerLogLevels];
    case 'logTag':
      return [...workerLogTags];
    case 'text':
      return [];
    default:
      return isEngineKind(kind) ? deps.inspector.ids(kind) : [];
  }
}

const isEngineKind = (kind: ParamKind): kind is EngineKind => engineKinds.some((one) => one === kind);

/** Ids; `room/peer` where an id is in several rooms, or once a slash was typed. */
function peerNames(begun: string, deps: CommandDeps): string[] {
  const all = everybody(deps);
  const rooms = Map.groupBy(all, ({ member }) => member.id);
  return all.map(({ member, path }) =>
    (rooms.get(member.id)?.length ?? 0) > 1 || begun.includes('/') ? path : member.id,
  );
}
