import type { Table } from './render/table.ts';

/** What a command answers: parts for people, and the same as data for `--json`. */
export type Result = { readonly parts: readonly Part[]; readonly data: unknown };

export type Part =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string; readonly tone: 'good' | 'plain' | 'quiet' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'table'; readonly table: Table };

/** Live commands are sampled until somebody presses a key; scripts get one sample. */
export type Outcome =
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'live'; readonly everyMs: number; sample(): Promise<Result> }
  | { readonly kind: 'repl' }
  | { readonly kind: 'quit' };

export const outcomeOf = (result: Result): Outcome => ({ kind: 'result', result });

export function done(text = 'done', data: unknown = { done: true }): Outcome {
  return outcomeOf({ parts: [{ kind: 'note', text, tone: 'good' }], data });
}

/** One `object.method():` line and one JSON value a section, as the demo's server prints them. */
export function sections(list: readonly { title: string; value: unknown }[]): Part[] {
  return list.flatMap(({ title, value }): Part[] => [
    { kind: 'title', text: `${title}:` },
    { kind: 'json', value },
  ]);
}
