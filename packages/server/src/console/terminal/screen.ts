/** Something on the last lines of the terminal that must not be written into. */
export type Guarded = {
  /** Takes it off the terminal; the cursor is then at the beginning of a free line. */
  lift(): void;
  /** Draws it again, below what was written meanwhile. */
  redraw(): void;
};

/** The server's own terminal, where log lines and the line being typed meet. */
export class Screen {
  readonly #write: (text: string) => void;
  #guarded: Guarded | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Whole lines: log lines, the banner. */
  readonly write = (lines: string): void => {
    this.#guarded?.lift();
    this.#write(lines);
    this.#guarded?.redraw();
  };

  /** What the guarded one itself writes. */
  readonly draw = (text: string): void => this.#write(text);

  /** Returns what ends it. */
  guard(guarded: Guarded): () => void {
    this.#guarded = guarded;
    return () => {
      if (this.#guarded === guarded) this.#guarded = undefined;
    };
  }
}
