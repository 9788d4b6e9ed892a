import type { Command } from '../command.ts';
import { helpOn, quit, terminal } from './console.ts';
import { drain, undrain } from './drain.ts';
import { engineCommands } from './engine.ts';
import { kick, peers } from './peers.ts';
import { close, rooms } from './rooms.ts';
import { config, log } from './settings.ts';
import { top } from './top.ts';
import { usage } from './usage.ts';
import { watch } from './watch.ts';
import { logLevel, logTags } from './worker-log.ts';

const others: readonly Command[] = [
  log,
  config,
  terminal,
  quit,
  usage,
  top,
  logLevel,
  logTags,
  drain,
  undrain,
  rooms,
  peers,
  kick,
  close,
  ...engineCommands,
  watch,
];

export const allCommands: readonly Command[] = [helpOn(others), ...others];

const byName = new Map(
  allCommands.flatMap((command) => [command.name, command.alias ?? command.name].map((name) => [name, command])),
);

export const findCommand = (name: string): Command | undefined => byName.get(name);
