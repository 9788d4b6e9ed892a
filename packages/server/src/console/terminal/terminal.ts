import { Writable } from 'node:stream';
import type { Emitter } from '@potluck/kernel';

export type TerminalEvents = {
  input: [bytes: Uint8Array];
  /** Nobody will type any more; what was typed is still to be carried out. */
  inputEnded: [];
  resized: [];
  /** It is gone, with whoever sat before it. */
  lost: [];
};

/** Where one operator sits: the server's own terminal, or one that came through the socket. */
export type Terminal = {
  readonly events: Emitter<TerminalEvents>;
  /** Whether a person can type and edit lines; otherwise lines come from a pipe. */
  readonly interactive: boolean;
  /** `Infinity` where nothing is to be cut. */
  readonly columns: number;
  readonly rows: number;
  readonly colors: boolean;
  /** It has not taken what it was given: frames of live output are better left out. */
  readonly behind: boolean;
  write(text: string): void;
  writeError(text: string): void;
  /** Gives it back. `status` is that of the program there, if it is another one. Idempotent. */
  end(status: number, farewell: string): void;
};

/** A terminal as `readline` and the REPL want their output: a stream that knows its size. */
export function outputOf(terminal: Terminal): Writable {
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: unknown, _encoding, callback) => {
      terminal.write(String(chunk));
      callback();
    },
  });
  Object.defineProperties(stream, {
    isTTY: { value: terminal.interactive },
    columns: { get: () => terminal.columns },
    rows: { get: () => terminal.rows },
  });
  // It never says `resize`: readline would draw its line then, also while something else is shown.
  return stream;
}
