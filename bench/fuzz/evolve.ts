import type { Coverage } from './coverage.ts';
import type { Mutator } from './mutate.ts';

/** One door through which texts from outside come in. A find is whatever `run` throws. */
export type Door = {
  readonly name: string;
  /** Inputs that are right, or nearly. */
  readonly seeds: readonly string[];
  /** Does with a text what the server would. Ends answered or refused. */
  run(text: string): Promise<void> | void;
  /** Cases between two looks at the counters, which take milliseconds. Default 400; fewer where a case takes longer. */
  readonly batch?: number;
  close?(): Promise<void>;
};

export type Evolution = {
  /** Every input that reached something new, in the order in which it did. */
  readonly corpus: string[];
  readonly cases: number;
};

/** Whatever stood in JSON as text; `String` fails for objects that bring a `toString` of their own. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

export class Find extends Error {
  readonly input: string;
  constructor(door: string, input: string, cause: unknown) {
    super(`${door}: ${JSON.stringify(input.slice(0, 2_000))}`, { cause });
    this.input = input;
  }
}

/** Longer inputs are cut down to what the server takes at most of one. */
const maxLength = 20_000;

/**
 * Runs `cases` inputs: changed ones of those that reached something new before. With `guided` false the seeds alone are
 * changed, so that the two can be compared.
 */
export async function evolve(
  door: Door,
  { cases, coverage, mutator, corpus = [], guided = true }: EvolveOptions,
): Promise<Evolution> {
  const { batch = 400 } = door;
  const kept = [...corpus];
  const reaches = async (inputs: readonly string[], keep: boolean): Promise<boolean> => {
    for (const input of inputs) {
      try {
        await door.run(input);
      } catch (error) {
        throw new Find(door.name, input, error);
      }
    }
    return coverage.take({ keep }) > 0;
  };
  /** Of inputs that together reach something new: those that do so one after the other. */
  const sift = async (inputs: readonly string[]): Promise<void> => {
    const middle = Math.ceil(inputs.length / 2);
    for (const half of [inputs.slice(0, middle), inputs.slice(middle)]) {
      if (half.length === 0 || !(await reaches(half, half.length === 1))) continue;
      if (half.length > 1) await sift(half);
      else kept.push(...half);
    }
  };
  await reaches([...door.seeds, ...kept], true);
  let run = 0;
  for (; run < cases; run += batch) {
    const parents = guided ? [...door.seeds, ...kept, ...kept.slice(-20)] : door.seeds;
    const inputs = Array.from({ length: batch }, () =>
      mutator.change(mutator.pick(parents), mutator.pick(parents)).slice(0, maxLength),
    );
    if (!(await reaches(inputs, !guided)) || !guided) continue;
    await sift(inputs);
    // What only came about by all of them together is no news a second time.
    await reaches(inputs, true);
  }
  return { corpus: kept, cases: run };
}

export type EvolveOptions = {
  readonly cases: number;
  readonly coverage: Coverage;
  readonly mutator: Mutator;
  readonly corpus?: readonly string[];
  readonly guided?: boolean;
};
