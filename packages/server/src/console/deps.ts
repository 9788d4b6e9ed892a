import type { Logger } from '@potluck/kernel';
import type { Config } from '../config/schema.ts';
import type { Source } from '../config/source.ts';
import type { MediaFabric } from '../media/fabric.ts';
import type { Inspector } from '../media/inspect.ts';
import type { Room } from '../room/room.ts';

/** What commands may see and do. */
export type CommandDeps = {
  registry: { readonly rooms: ReadonlyMap<string, Room> };
  fabric: Pick<MediaFabric, 'workers' | 'setWorkerLog' | 'drainWorker' | 'undrainWorker'>;
  inspector: Inspector;
  logFilter: { readonly pattern: string; setPattern(pattern: string): void };
  settings: { config: Config; sources: ReadonlyMap<string, Source> };
};

export type ConsoleDeps = CommandDeps & {
  log: Logger;
  /** The operator wants the server to end. */
  requestStop(): void;
};
