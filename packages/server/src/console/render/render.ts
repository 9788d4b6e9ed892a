import { styleText } from 'node:util';
import { AppError, messageOf } from '@potluck/kernel';
import type { Part, Result } from '../result.ts';
import { layTable } from './table.ts';
import { clean, fit, wrapText } from './text.ts';

/** Where it is shown. `Infinity` columns: nothing is cut. */
export type View = { readonly columns: number; readonly colors: boolean };

type Style = Parameters<typeof styleText>[0];
const paint = (style: Style, text: string, { colors }: View): string =>
  colors ? styleText(style, text, { validateStream: false }) : text;

/** For people; ends with a line end. */
export function showResult({ parts }: Result, view: View): string {
  return `${parts.map((part) => showPart(part, view)).join('\n')}\n`;
}

/** For programs; ends with a line end. */
export const jsonResult = ({ data }: Result): string => `${stringify(data)}\n`;

/** Words carry the meaning, colour only helps: «ERROR:» stands there without it too. */
export function showError(error: unknown, view: View): string {
  const message = clean(messageOf(error));
  return `${paint(['bold', 'red'], 'ERROR:', view)} ${paint('red', wrapText(message, view.columns - 7), view)}\n`;
}

export const jsonError = (error: unknown): string =>
  `${stringify({ error: { code: AppError.from(error).code, message: messageOf(error) } })}\n`;

/** The operator is told everything, also what is hidden from clients. */
function showPart(part: Part, view: View): string {
  switch (part.kind) {
    case 'title':
      return paint('bold', fit(clean(part.text), view.columns), view);
    case 'note':
      return part.text
        .split('\n')
        .map((line) => paint(styles[part.tone], wrapText(clean(line), view.columns), view))
        .join('\n');
    case 'json':
      return paint('green', stringify(part.value), view);
    case 'table': {
      const [head = '', ...rows] = layTable(part.table, view.columns);
      return [paint(part.table.rows.length === 0 ? 'dim' : 'bold', head, view), ...rows].join('\n');
    }
    default:
      return part satisfies never;
  }
}

const styles = { good: 'green', plain: 'reset', quiet: 'dim' } as const satisfies Record<string, Style>;

/** JSON escapes C0 control characters itself; the others are escaped here. */
const stringify = (value: unknown): string =>
  (JSON.stringify(value, replacer, 2) ?? 'null').replaceAll(
    /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const replacer = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
