import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { waitFor } from '@potluck/testkit';

const run = promisify(execFile);

/** A terminal of its own for tests, with nothing of the user's tmux in it. Use with `await using`. */
export class Tmux {
  readonly #name: string;

  constructor(name: string) {
    this.#name = `potluck-${name}-${process.pid}-${Date.now()}`;
  }

  /** Opens a window of this size in which a shell runs the program. It stays when that has ended. */
  async open(
    title: string,
    program: string,
    size: { columns: number; rows: number } = { columns: 120, rows: 50 },
  ): Promise<Pane> {
    const { columns, rows } = size;
    await this.command('new-session', '-d', '-s', title, '-x', String(columns), '-y', String(rows), 'sh');
    const pane = new Pane(this, title);
    await this.command('set-option', '-t', title, 'history-limit', '20000');
    await pane.type(`PS1='shell> '; clear; ${program}; echo "ended with $?"`);
    await pane.press('Enter');
    return pane;
  }

  async command(...args: string[]): Promise<string> {
    const { stdout } = await run('tmux', ['-L', this.#name, '-f', '/dev/null', ...args]);
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.command('kill-server').catch(() => {});
  }
}

export class Pane {
  readonly #tmux: Tmux;
  readonly title: string;

  constructor(tmux: Tmux, title: string) {
    this.#tmux = tmux;
    this.title = title;
  }

  /** Key names of tmux: `Enter`, `C-c`, `Tab`, `Up`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux.command('send-keys', '-t', this.title, ...keys);
  }

  async type(text: string): Promise<void> {
    await this.#tmux.command('send-keys', '-t', this.title, '-l', text);
  }

  /** What is to be seen now, without the empty lines at the end; `colors` with its control sequences. */
  async screen({ colors = false, history = false } = {}): Promise<string> {
    // With history, lines that were broken at the window's edge are whole again.
    const flags = [...(colors ? ['-e'] : []), ...(history ? ['-J', '-S', '-'] : [])];
    const shown = await this.#tmux.command('capture-pane', '-p', ...flags, '-t', this.title);
    return shown.replaceAll(/ +$/gmu, '').trimEnd();
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux.command('resize-window', '-t', this.title, '-x', String(columns), '-y', String(rows));
  }

  /** Resolves with the screen once it shows this. */
  async see(what: string | RegExp, timeoutMs = 15_000): Promise<string> {
    let last = '';
    return waitFor(
      async () => {
        last = await this.screen();
        return (typeof what === 'string' ? last.includes(what) : what.test(last)) && last;
      },
      { what: () => `${String(what)} in ${this.title}, which shows:\n${last}`, timeoutMs, everyMs: 50 },
    );
  }

  /** Empties the console's screen (Ctrl-L), types a line and resolves with what was answered, up to the next prompt. */
  async run(line: string): Promise<string> {
    await this.press('C-l');
    await this.see(/^cmd>$/u);
    await this.#tmux.command('clear-history', '-t', this.title);
    await this.type(line);
    await this.press('Enter');
    let all = '';
    await waitFor(
      async () => {
        all = await this.screen({ history: true });
        return all.endsWith('\ncmd>');
      },
      { what: () => `the answer to ${line} in ${this.title}, which shows:\n${all}`, timeoutMs: 15_000, everyMs: 50 },
    );
    return all.slice(all.indexOf('\n') + 1).replace(/\n?cmd>$/u, '');
  }
}
