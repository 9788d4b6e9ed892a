import { clearScreenDown, createInterface, cursorTo, moveCursor, type Interface } from 'node:readline';
import { PassThrough, type Writable } from 'node:stream';
import { Emitter } from '@potluck/kernel';
import { outputOf, type Terminal } from './terminal/terminal.ts';

export type PromptEvents = {
  line: [line: string];
  /** Ctrl-C. */
  interrupted: [];
  /** Ctrl-D, or the end of what is piped in. */
  ended: [];
};

export type PromptOptions = {
  text: string;
  /** Newest first. */
  history: string[];
  complete: (line: string) => [candidates: string[], typed: string];
};

/** The line that is being typed. */
export class Prompt {
  readonly events = new Emitter<PromptEvents>();
  readonly #terminal: Terminal;
  readonly #input = new PassThrough();
  readonly #output: Writable;
  readonly #readline: Interface;
  #closed = false;

  constructor(terminal: Terminal, { text, history, complete }: PromptOptions) {
    this.#terminal = terminal;
    this.#output = outputOf(terminal);
    this.#readline = createInterface({
      input: this.#input,
      output: this.#output,
      terminal: terminal.interactive,
      prompt: terminal.interactive ? text : '',
      history,
      removeHistoryDuplicates: true,
      completer: complete,
      crlfDelay: Infinity,
    });
    this.#readline
      .on('line', (line) => this.events.emit('line', line))
      .on('SIGINT', () => this.events.emit('interrupted'))
      // Without a listener Ctrl-Z would stop the process of the server.
      .on('SIGTSTP', () => {})
      .on('close', () => {
        if (!this.#closed) this.events.emit('ended');
      });
  }

  feed(bytes: Uint8Array): void {
    this.#input.write(bytes);
  }

  /** No more input: the rest of a line that has no line end counts as one. */
  endInput(): void {
    this.#input.end();
  }

  /** Shows the prompt with what is typed so far. */
  show(): void {
    if (this.#terminal.interactive) this.#readline.prompt(true);
  }

  lift(): void {
    liftLine(this.#readline, this.#output);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#readline.close();
  }
}

/** Takes the line being typed off the terminal, all rows of it; `prompt(true)` draws it again. */
export function liftLine(readline: Interface, output: NodeJS.WritableStream): void {
  const { rows } = readline.getCursorPos();
  if (rows > 0) moveCursor(output, 0, -rows);
  cursorTo(output, 0);
  clearScreenDown(output);
  // readline would go up by as many rows once more when it draws the line again.
  Reflect.set(readline, 'prevRows', 0);
}
