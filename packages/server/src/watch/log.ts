import { Logger, type LogLevel, type LogRecord } from '@potluck/kernel';
import { pino } from 'pino';
import { humanLine } from './human.ts';
import { compilePattern, lineName } from './pattern.ts';
import { redact } from './redact.ts';

export type LogOptions = {
  /** See docs/logging.md. */
  pattern: string;
  format: 'human' | 'json';
  colors: boolean;
  /** Gets whole lines, line end included. */
  write: (lines: string) => void;
  now?: () => Date;
};

export type Log = {
  readonly root: Logger;
  /** What is written now. */
  readonly pattern: string;
  /** Changes what is written from here on. */
  setPattern(pattern: string): void;
};

/** The server's log: filtered by pattern, secrets masked, for people or for programs. */
export function openLog(options: LogOptions): Log {
  let pattern = compilePattern(options.pattern);
  /** Parts of the program are few, lines that are not written are very many. */
  const decided = new Map<string, Partial<Record<LogLevel, boolean>>>();
  const enabled = (level: LogLevel, namespace: string): boolean => {
    let answers = decided.get(namespace);
    if (answers === undefined) decided.set(namespace, (answers = {}));
    return (answers[level] ??= pattern.allows(lineName(level, namespace)));
  };
  const writeRecord = options.format === 'json' ? jsonWriter(options) : humanWriter(options);
  const root = new Logger(
    {
      enabled,
      write: writeRecord,
    },
    '',
  );
  return {
    root,
    get pattern() {
      return pattern.text;
    },
    setPattern: (text) => {
      pattern = compilePattern(text);
      decided.clear();
    },
  };
}

function humanWriter({ write, colors, now = () => new Date() }: LogOptions): (record: LogRecord) => void {
  return (record) => write(`${humanLine(record, redact(record.facts), { colors, now: now() })}\n`);
}

function jsonWriter({ write, now = () => new Date() }: LogOptions): (record: LogRecord) => void {
  const logger = pino(
    {
      level: 'debug',
      base: null,
      messageKey: 'message',
      formatters: { level: (level) => ({ level }) },
      timestamp: () => `,"time":"${now().toISOString()}"`,
    },
    { write },
  );
  return (record) => {
    const line: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(redact(record.facts)))
      line[ownMembers.has(name) ? `${name}_` : name] = value;
    logger[record.level]({ ...line, name: lineName(record.level, record.namespace) }, record.message);
  };
}

/** A fact of such a name must not pose as the line's own member. */
const ownMembers: ReadonlySet<string> = new Set(['level', 'time', 'name', 'message']);
