/** What a benchmark says, as data: printed alone, gathered by `npm run bench`, compared with the time before. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'less' | 'more';
};
export type Goal = { readonly what: string; readonly wanted: string; readonly found: string; readonly met: boolean };
export type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] };
export type Bars = {
  readonly title: string;
  readonly groups: readonly {
    readonly label: string;
    readonly bars: readonly { readonly name: string; readonly value: number }[];
  }[];
};

export type Result = {
  readonly name: string;
  readonly title: string;
  /** What was measured and how, in sentences. */
  readonly about: string;
  readonly table: Table;
  readonly bars?: Bars;
  readonly figures: readonly Figure[];
  readonly goals: readonly Goal[];
  readonly at: string;
  readonly seconds: number;
  /** Load average of the machine before and after. */
  readonly load: readonly [before: number, after: number];
};

export function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

export const goalLines = (goals: readonly Goal[]): string =>
  goals
    .map(({ what, wanted, found, met }) => `- ${met ? '✔' : '✘'} ${what}: wanted ${wanted}, found ${found}`)
    .join('\n');
