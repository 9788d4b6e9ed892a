import { systemClock, type Clock } from '@potluck/kernel';
import { showResult } from './render/render.ts';
import type { Outcome, Result } from './result.ts';
import type { Terminal } from './terminal/terminal.ts';

/** Output that is drawn over itself again and again, in place: what was on the terminal before stays above it. */
export class Live {
  readonly #terminal: Terminal;
  readonly #live: Extract<Outcome, { kind: 'live' }>;
  readonly #clock: Clock;
  readonly #stop = Promise.withResolvers<void>();
  #stopped = false;
  #shown = '';
  #lines = 0;

  constructor(terminal: Terminal, live: Extract<Outcome, { kind: 'live' }>, clock: Clock = systemClock) {
    this.#terminal = terminal;
    this.#live = live;
    this.#clock = clock;
  }

  /** Until `stop`. Rejects with what a sample threw: what was looked at is gone. */
  async run(): Promise<void> {
    const offResized = this.#terminal.events.on('resized', () => {
      // Rows were broken anew, so nobody knows where ours are: begin again at the top.
      this.#lines = 0;
      this.#terminal.write('\u001b[H\u001b[J');
    });
    try {
      while (!this.#stopped) {
        const result = await Promise.race([this.#live.sample(), this.#stop.promise]);
        if (result === undefined || this.#stopped) return;
        if (!this.#terminal.behind) this.#draw(result);
        await Promise.race([this.#pause(), this.#stop.promise]);
      }
    } finally {
      offResized();
      // The hint has done its work; the last figures stay.
      if (this.#lines > 0) this.#terminal.write('\u001b[1A\u001b[J');
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#stop.resolve();
  }

  lift(): void {
    if (this.#lines > 0) this.#terminal.write(`\u001b[${this.#lines}A\u001b[J`);
    this.#lines = 0;
  }

  redraw(): void {
    if (this.#shown !== '') this.#put(this.#shown);
  }

  #draw(result: Result): void {
    const { columns, rows, colors } = this.#terminal;
    const lines = showResult(result, { columns, colors }).trimEnd().split('\n');
    // One row stays free for the cursor, one for the hint.
    const cut = lines.slice(0, Math.max(1, rows - 2));
    const hint = lines.length > cut.length ? `… ${lines.length - cut.length} more lines; any key ends` : 'any key ends';
    this.#put([...cut, hint].join('\n'));
  }

  /** Each line clears what was right of it, so that nothing flickers. */
  #put(text: string): void {
    const lines = text.split('\n');
    const up = this.#lines > 0 ? `\u001b[${this.#lines}A` : '';
    this.#terminal.write(`${up}${lines.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    this.#shown = text;
    this.#lines = lines.length;
  }

  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(this.#live.everyMs, resolve);
    await Promise.race([promise, this.#stop.promise]);
    cancel();
  }
}
