/**
 * A small port beside `fabric.ts` for the operator's console: every object of the engine by its id, in the engine's own
 * words. Rooms do not use it, and nothing can be changed through it.
 */

/** From the outside in: the order in which objects stand on each other. */
export const engineKinds = [
  'worker',
  'webRtcServer',
  'router',
  'transport',
  'producer',
  'consumer',
  'dataProducer',
  'dataConsumer',
] as const;
export type EngineKind = (typeof engineKinds)[number];

/** Kinds of which the engine keeps statistics. */
export const measuredKinds = ['transport', 'producer', 'consumer', 'dataProducer', 'dataConsumer'] as const;
export type MeasuredKind = (typeof measuredKinds)[number];

export type Inspector = {
  /** Ids of what is open, oldest first; workers go by their process id. */
  ids(kind: EngineKind): string[];
  /** The engine's dump. Rejects with `not_found`. */
  dump(kind: EngineKind, id: string): Promise<unknown>;
  /** The engine's `getStats()`. Rejects with `not_found`. */
  stats(kind: MeasuredKind, id: string): Promise<object[]>;
  /** The live objects themselves for a REPL, by name; each function gives what is there at the moment. */
  readonly globals: { readonly [name: string]: () => unknown };
  /** Follows no further worker and forgets what there is. For the end of the server; idempotent. */
  close(): void;
};
