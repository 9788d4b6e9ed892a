import { appendFile, chmod, readFile, writeFile } from 'node:fs/promises';
import { Serial, type Tasks } from '@potluck/kernel';

/** Lines that are kept; the file may hold twice as many before it is cut. */
const keep = 500;

/** The lines typed in all consoles of this server, kept in a file that only its owner can read. */
export class History {
  readonly #file: string;
  readonly #tasks: Tasks;
  readonly #serial = new Serial();
  #lines: string[];

  constructor(file: string, tasks: Tasks, lines: readonly string[]) {
    this.#file = file;
    this.#tasks = tasks;
    this.#lines = [...lines];
  }

  /** Newest first, each once. */
  get newestFirst(): string[] {
    return [...new Set(this.#lines.toReversed())].slice(0, keep);
  }

  add(line: string): void {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.includes('\n') || this.#lines.at(-1) === trimmed) return;
    this.#lines = [...this.#lines, trimmed].slice(-keep);
    const append = () => appendFile(this.#file, `${trimmed}\n`, { mode: 0o600 });
    this.#tasks.spawn('write console history', this.#serial.run(append));
  }
}

/** A file that cannot be read is as if there were none: nobody is kept from the console by it. */
export async function openHistory(file: string, tasks: Tasks): Promise<History> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    await chmod(file, 0o600);
    if (lines.length > 2 * keep) await writeFile(file, `${lines.slice(-keep).join('\n')}\n`, { mode: 0o600 });
    return new History(file, tasks, lines.slice(-keep));
  } catch {
    return new History(file, tasks, []);
  }
}
