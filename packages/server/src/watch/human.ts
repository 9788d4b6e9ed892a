import { inspect, styleText } from 'node:util';
import type { LogLevel, LogRecord } from '@potluck/kernel';

/** Bold, and blue against yellow: told apart without seeing red and green, and the words stand there as well. */
const styles: Record<LogLevel, Parameters<typeof styleText>[0]> = {
  error: ['bold', 'inverse'],
  warn: ['bold', 'yellow'],
  info: 'blueBright',
  debug: 'dim',
};

export type HumanOptions = { colors: boolean; now: Date };

/** One line for people: time, level, part, message, facts. An error's stack follows below it. */
export function humanLine(record: LogRecord, facts: Record<string, unknown>, { colors, now }: HumanOptions): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colors ? styleText(style, text, { validateStream: false }) : text;
  const time = now.toTimeString().slice(0, 8);
  const stacks: string[] = [];
  const shown = Object.entries(facts).map(([name, value]) => {
    const stack = stackOf(value);
    if (stack !== undefined) stacks.push(stack.replaceAll(/^/gmu, '    '));
    return `${paint('dim', `${name}=`)}${showFact(value)}`;
  });
  const head = [
    paint('dim', time),
    paint(styles[record.level], record.level.padEnd(5)),
    ...(record.namespace === '' ? [] : [paint('cyan', record.namespace)]),
    oneLine(record.message),
  ].join(' ');
  const line = shown.length === 0 ? head : `${head}  ${shown.join(' ')}`;
  return [line, ...(record.level === 'error' ? stacks : [])].join('\n');
}

function showFact(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"'=]+$/u.test(value) ? oneLine(value) : JSON.stringify(value);
  if (isDescribedError(value)) return showFact(value.message);
  if (typeof value === 'object' && value !== null) return inspect(value, { breakLength: Infinity, compact: true });
  return String(value);
}

/** Control characters in a log line could draw on the operator's terminal. */
const oneLine = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- naming control characters is the point
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/gu, ' ');

const isDescribedError = (value: unknown): value is { message: string; stack?: string } =>
  typeof value === 'object' && value !== null && 'message' in value && 'name' in value && 'stack' in value;

const stackOf = (value: unknown): string | undefined => (isDescribedError(value) ? value.stack : undefined);
