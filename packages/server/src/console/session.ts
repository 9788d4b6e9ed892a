import { AppError, type Tasks } from '@potluck/kernel';
import { completeLine } from './complete.ts';
import type { CommandDeps } from './deps.ts';
import type { History } from './history.ts';
import { Live } from './live.ts';
import { perform, statuses } from './perform.ts';
import { Prompt } from './prompt.ts';
import type { OpenRepl } from './repl.ts';
import { wrapText } from './render/text.ts';
import type { Guarded } from './terminal/screen.ts';
import type { Terminal } from './terminal/terminal.ts';

export type SessionDeps = { commands: CommandDeps; tasks: Tasks; history: History; replHistoryFile: string };

export type SessionOptions = {
  greeting: string;
  /** Said when the operator leaves. */
  farewell: string;
  /** Ctrl-C: in the server's own terminal it means the server, elsewhere the console. */
  onInterrupt: { kind: 'leave' } | { kind: 'confirm'; question: () => string; stop: () => void };
  /** Called when the operator has left, not when `close` was called. */
  left?: () => void;
};

type Mode =
  | { readonly kind: 'typing' }
  | { readonly kind: 'confirming' }
  /** Keys pressed meanwhile are for the prompt that comes after. */
  | { readonly kind: 'running'; readonly ahead: Uint8Array[]; readonly interrupt: () => void }
  | { readonly kind: 'live'; readonly live: Live }
  | { readonly kind: 'repl'; readonly repl: OpenRepl }
  | { readonly kind: 'closed' };

const ctrlC = 0x03;
const maxAhead = 1_000;

/** One operator at one terminal: decides who gets the keys, and carries out line by line. */
export class ConsoleSession implements Guarded {
  readonly #deps: SessionDeps;
  readonly #terminal: Terminal;
  readonly #options: SessionOptions;
  readonly #prompt: Prompt;
  readonly #off: (() => void)[];
  readonly #lines: string[] = [];
  #mode: Mode = { kind: 'typing' };
  #status: number = statuses.ok;
  #inputEnded = false;

  constructor(deps: SessionDeps, terminal: Terminal, options: SessionOptions) {
    this.#deps = deps;
    this.#terminal = terminal;
    this.#options = options;
    this.#prompt = new Prompt(terminal, {
      text: 'cmd> ',
      history: deps.history.newestFirst,
      complete: (line) => completeLine(line, deps.commands),
    });
    this.#off = [
      terminal.events.on('input', (bytes) => this.#onInput(bytes)),
      terminal.events.on('inputEnded', () => this.#prompt.endInput()),
      terminal.events.on('lost', () => this.close('')),
      terminal.events.on('resized', () => this.#onResized()),
      this.#prompt.events.on('line', (line) => this.#onLine(line)),
      this.#prompt.events.on('interrupted', () => this.#onInterrupt()),
      this.#prompt.events.on('ended', () => this.#onEnded()),
    ];
    if (terminal.interactive) terminal.write(`${wrapText(options.greeting, terminal.columns)}\n`);
    this.#prompt.show();
  }

  get closed(): boolean {
    return this.#mode.kind === 'closed';
  }

  /** Gives the terminal back with these words. Idempotent. */
  close(farewell: string): void {
    const mode = this.#mode;
    if (mode.kind === 'closed') return;
    this.lift();
    this.#mode = { kind: 'closed' };
    if (mode.kind === 'live') mode.live.stop();
    if (mode.kind === 'repl') mode.repl.close();
    if (mode.kind === 'running') mode.interrupt();
    for (const off of this.#off) off();
    this.#prompt.close();
    this.#terminal.end(this.#terminal.interactive ? statuses.ok : this.#status, farewell);
  }

  lift(): void {
    const mode = this.#mode;
    if (!this.#terminal.interactive) return;
    if (mode.kind === 'typing') this.#prompt.lift();
    else if (mode.kind === 'repl') mode.repl.lift();
    else if (mode.kind === 'live') mode.live.lift();
  }

  redraw(): void {
    const mode = this.#mode;
    if (mode.kind === 'typing') this.#prompt.show();
    else if (mode.kind === 'repl') mode.repl.redraw();
    else if (mode.kind === 'live') mode.live.redraw();
  }

  #onInput(bytes: Uint8Array): void {
    const mode = this.#mode;
    switch (mode.kind) {
      case 'typing':
        return this.#prompt.feed(bytes);
      case 'repl':
        return mode.repl.feed(bytes);
      case 'live':
        return mode.live.stop();
      case 'confirming':
        return this.#onAnswer(bytes);
      case 'running':
        if (!this.#terminal.interactive) this.#prompt.feed(bytes);
        else if (bytes.includes(ctrlC)) mode.interrupt();
        else if (mode.ahead.length < maxAhead) mode.ahead.push(bytes);
        return undefined;
      case 'closed':
        return undefined;
      default:
        return mode satisfies never;
    }
  }

  #onLine(line: string): void {
    if (this.#terminal.interactive) this.#deps.history.add(line);
    this.#lines.push(line);
    if (this.#mode.kind === 'typing') this.#deps.tasks.spawn('carry out console lines', this.#carryOut());
  }

  async #carryOut(): Promise<void> {
    const ahead: Uint8Array[] = [];
    for (let line = this.#lines.shift(); line !== undefined && !this.closed; line = this.#lines.shift()) {
      this.#status = await this.#carryOutOne(line, ahead);
    }
    if (this.closed) return;
    this.#mode = { kind: 'typing' };
    if (this.#inputEnded) return this.#leave();
    this.#prompt.show();
    for (const bytes of ahead) this.#onInput(bytes);
    return undefined;
  }

  async #carryOutOne(line: string, ahead: Uint8Array[]): Promise<number> {
    const { promise: interrupted, reject } = Promise.withResolvers<never>();
    interrupted.catch(() => {});
    const running: Mode = {
      kind: 'running',
      ahead,
      interrupt: () => reject(new AppError('unavailable', 'interrupted')),
    };
    this.#mode = running;
    /** While something else has the keys. */
    const during = async (mode: Mode, work: Promise<void>) => {
      this.#mode = mode;
      await work.finally(() => {
        if (!this.closed) this.#mode = running;
      });
    };
    const status = await perform(line, this.#deps.commands, {
      terminal: this.#terminal,
      interrupted,
      quit: () => this.#leave(),
      ...(this.#terminal.interactive && {
        live: (outcome) => {
          const live = new Live(this.#terminal, outcome);
          return during({ kind: 'live', live }, live.run());
        },
        repl: async () => {
          // Brings `node:domain`, which makes every emitter of the process slower from then on.
          const { openRepl } = await import('./repl.ts');
          if (this.#mode !== running) return;
          const repl = openRepl(this.#terminal, this.#deps.commands.inspector.globals, this.#deps.replHistoryFile);
          const opened = during({ kind: 'repl', repl }, repl.left);
          for (const bytes of ahead.splice(0)) repl.feed(bytes);
          await opened;
        },
      }),
    });
    return status;
  }

  #onInterrupt(): void {
    const { onInterrupt } = this.#options;
    // Two in one piece of input both come through the prompt.
    if (this.#mode.kind === 'confirming') return this.#onAnswer(Uint8Array.of(ctrlC));
    if (this.#mode.kind !== 'typing') return undefined;
    this.#terminal.write('\n');
    if (onInterrupt.kind === 'leave') return this.#leave();
    this.#mode = { kind: 'confirming' };
    const question = `${onInterrupt.question()} Press Ctrl-C again or y; any other key goes on.`;
    this.#terminal.write(`${wrapText(question, this.#terminal.columns)}\n`);
    return undefined;
  }

  #onAnswer(bytes: Uint8Array): void {
    const { onInterrupt } = this.#options;
    const answer = String.fromCharCode(bytes[0] ?? 0);
    this.#mode = { kind: 'typing' };
    if (onInterrupt.kind === 'confirm' && (bytes[0] === ctrlC || answer.toLowerCase() === 'y')) onInterrupt.stop();
    else this.#prompt.show();
  }

  /** What is shown was broken into rows anew by the terminal; live output sees to itself. */
  #onResized(): void {
    if (this.#mode.kind !== 'live') this.redraw();
  }

  /** Lines that were piped in are still carried out. */
  #onEnded(): void {
    this.#inputEnded = true;
    if (this.#mode.kind !== 'typing') return;
    if (this.#terminal.interactive) this.#terminal.write('\n');
    this.#mode = { kind: 'running', ahead: [], interrupt: () => {} };
    this.#leave();
  }

  #leave(): void {
    if (this.closed) return;
    this.close(this.#options.farewell);
    this.#options.left?.();
  }
}
