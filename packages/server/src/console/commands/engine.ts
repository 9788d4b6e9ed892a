import { engineKinds, measuredKinds, type EngineKind, type MeasuredKind } from '../../media/inspect.ts';
import type { Command } from '../command.ts';
import { pickIdOrLatest } from '../ids.ts';
import { outcomeOf, sections } from '../result.ts';

/** `dataProducer` → `DataProducer`. */
const capitalized = (kind: string): string => kind[0]?.toUpperCase() + kind.slice(1);
/** The capitals of a name, as the demo's server abbreviates: `dumpDataProducer` → `ddp`. */
const initials = (name: string): string => (name[0] ?? '') + name.replaceAll(/[^A-Z]/gu, '').toLowerCase();

const dumpWorkers: Command = {
  name: 'dumpWorkers',
  alias: 'dw',
  group: 'Engine',
  params: [],
  summary: 'what every worker holds',
  run: async ({ deps: { inspector } }) => {
    const values = await Promise.all(inspector.ids('worker').map((id) => inspector.dump('worker', id)));
    return outcomeOf({ parts: sections(values.map((value) => ({ title: 'worker.dump()', value }))), data: values });
  },
};

function dump(kind: EngineKind): Command {
  const name = `dump${capitalized(kind)}`;
  return {
    name,
    alias: initials(name),
    group: 'Engine',
    params: [{ name: 'id', kind, optional: true }],
    summary: `all about one ${kind}; without an id the newest`,
    run: async ({ args, deps: { inspector } }) => {
      const value = await inspector.dump(kind, pickIdOrLatest(inspector.ids(kind), args[0], kind));
      return outcomeOf({ parts: sections([{ title: `${kind}.dump()`, value }]), data: value });
    },
  };
}

function stats(kind: MeasuredKind): Command {
  const name = `stats${capitalized(kind)}`;
  return {
    name,
    alias: initials(name),
    group: 'Engine',
    params: [{ name: 'id', kind, optional: true }],
    summary: `what the engine counts of one ${kind}; without an id the newest`,
    run: async ({ args, deps: { inspector } }) => {
      const value = await inspector.stats(kind, pickIdOrLatest(inspector.ids(kind), args[0], kind));
      return outcomeOf({ parts: sections([{ title: `${kind}.getStats()`, value }]), data: value });
    },
  };
}

export const engineCommands: readonly Command[] = [
  dumpWorkers,
  ...engineKinds.filter((kind) => kind !== 'worker').map(dump),
  ...measuredKinds.map(stats),
];
