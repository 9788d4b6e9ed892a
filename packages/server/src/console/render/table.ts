import { clean, fit, padEnd, padStart, widthOf } from './text.ts';

export type Column = {
  readonly head: string;
  readonly align?: 'right';
  /** May be cut to this many columns when space is short; without it the column keeps its width. */
  readonly atLeast?: number;
  /** Which end to keep when it is cut. */
  readonly keep?: 'end';
  /** On a narrow terminal the column with the highest number goes first; without it the column stays. */
  readonly dropAs?: number;
};

export type Table = {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly whenEmpty: string;
};

const gap = 2;

type Laid = { readonly column: Column; readonly index: number; width: number };

/** The lines of a table in at most `width` columns, the heads first. */
export function layTable({ columns, rows, whenEmpty }: Table, width: number): string[] {
  if (rows.length === 0) return [fit(whenEmpty, width)];
  const cells = rows.map((row) => columns.map((_, index) => clean(row[index] ?? '')));
  const laid = columns.map((column, index): Laid => {
    const widest = cells.reduce((max, row) => Math.max(max, widthOf(row[index] ?? '')), 0);
    return { column, index, width: Math.max(widthOf(column.head), widest) };
  });
  const shown = squeeze(laid, width);
  const line = (text: (one: Laid) => string) =>
    fit(
      shown
        .map((one) => pad(text(one), one))
        .join(' '.repeat(gap))
        .trimEnd(),
      width,
    );
  return [line(({ column }) => column.head), ...cells.map((row) => line(({ index }) => row[index] ?? ''))];
}

function pad(text: string, { column, width }: Laid): string {
  const fitted = fit(text, width, column.keep);
  return column.align === 'right' ? padStart(fitted, width) : padEnd(fitted, width);
}

/** First the widest that may be cut is cut, column by column; what still does not fit is left out. */
function squeeze(laid: readonly Laid[], width: number): Laid[] {
  let shown = laid.map((one) => ({ ...one }));
  for (;;) {
    for (;;) {
      const excess = total(shown) - width;
      const widest = shown
        .filter((one) => one.width > (one.column.atLeast ?? Infinity))
        .reduce<Laid | undefined>((max, one) => (max === undefined || one.width > max.width ? one : max), undefined);
      if (excess <= 0 || widest === undefined) break;
      widest.width -= 1;
    }
    if (total(shown) <= width) return shown;
    const dropAs = Math.max(-1, ...shown.map(({ column }) => column.dropAs ?? -1));
    if (dropAs === -1) return shown;
    shown = laid.filter(({ column }) => (column.dropAs ?? -1) < dropAs).map((one) => ({ ...one }));
  }
}

const total = (shown: readonly Laid[]): number =>
  shown.reduce((sum, { width }) => sum + width, 0) + gap * Math.max(0, shown.length - 1);
