export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Facts are fields, never part of the message: they can be searched, and secrets can be masked by name. */
export type LogFacts = { readonly [name: string]: unknown };

export type LogRecord = {
  readonly level: LogLevel;
  /** Folders joined by `:`, like `session` or `media:pool`. */
  readonly namespace: string;
  readonly message: string;
  readonly facts: LogFacts;
};

/** Where records go. `enabled` is asked first, so that a silent level costs nothing. */
export type LogSink = {
  enabled(level: LogLevel, namespace: string): boolean;
  write(record: LogRecord): void;
};

export const silentSink: LogSink = { enabled: () => false, write: () => {} };

/** What each level means stands in docs/logging.md. */
export class Logger {
  readonly #sink: LogSink;
  readonly #namespace: string;
  readonly #facts: LogFacts;

  constructor(sink: LogSink, namespace: string, facts: LogFacts = {}) {
    this.#sink = sink;
    this.#namespace = namespace;
    this.#facts = facts;
  }

  /** A logger for a part: its name is appended to the namespace, its facts go with every line. */
  child(name: string, facts: LogFacts = {}): Logger {
    const namespace = this.#namespace === '' ? name : `${this.#namespace}:${name}`;
    return new Logger(this.#sink, namespace, { ...this.#facts, ...facts });
  }

  error(message: string, facts?: LogFacts): void {
    this.#log('error', message, facts);
  }

  warn(message: string, facts?: LogFacts): void {
    this.#log('warn', message, facts);
  }

  info(message: string, facts?: LogFacts): void {
    this.#log('info', message, facts);
  }

  debug(message: string, facts?: LogFacts): void {
    this.#log('debug', message, facts);
  }

  #log(level: LogLevel, message: string, facts: LogFacts = {}): void {
    if (!this.#sink.enabled(level, this.#namespace)) return;
    this.#sink.write({ level, namespace: this.#namespace, message, facts: { ...this.#facts, ...facts } });
  }
}

export const silentLog = new Logger(silentSink, '');
