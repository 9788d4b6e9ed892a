import type { EngineKind } from '../media/inspect.ts';
import type { CommandDeps } from './deps.ts';
import type { Outcome } from './result.ts';

/** What stands for a parameter; completion offers what there is of it. */
export type ParamKind = EngineKind | 'object' | 'room' | 'peer' | 'command' | 'logLevel' | 'logTag' | 'text';

export type Param = {
  readonly name: string;
  readonly kind: ParamKind;
  readonly optional?: true;
  /** This and all that follow. */
  readonly rest?: true;
};

export type Call = { readonly args: readonly string[]; readonly deps: CommandDeps };

export type Command = {
  readonly name: string;
  readonly alias?: string;
  readonly group: 'Console' | 'Server' | 'Rooms' | 'Engine';
  readonly params: readonly Param[];
  readonly summary: string;
  run(call: Call): Outcome | Promise<Outcome>;
};

/** Like `dumpRouter [id]`. */
export function usageOf({ name, params }: Command): string {
  const shown = params.map((param) => {
    const word = param.rest ? `${param.name}…` : param.name;
    return param.optional ? `[${word}]` : `<${word}>`;
  });
  return [name, ...shown].join(' ');
}
