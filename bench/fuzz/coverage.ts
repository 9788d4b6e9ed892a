import { readFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';

/**
 * Begun when this module is imported, before whatever is watched, and never ended: V8 counts blocks only in functions that it
 * compiles while the counters are on.
 */
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** In the same thread it answers before it returns. */
function takeCounters(): readonly Profiler.ScriptCoverage[] {
  const taken: Profiler.ScriptCoverage[] = [];
  session.post('Profiler.takePreciseCoverage', (error, answer) => {
    if (error !== null) throw error;
    taken.push(...answer.result);
  });
  return taken;
}

type Painted = { readonly reached: Uint8Array; readonly now: Uint8Array };

/** What of the source has run so far, by V8's own block counters. */
export type Tally = {
  readonly functions: number;
  readonly functionsReached: number;
  readonly charactersReached: number;
};

/** Watches which parts of some source files run. One at a time: the counters are those of the process. */
export class Coverage {
  readonly #watches: (url: string) => boolean;
  readonly #scripts = new Map<string, Painted>();
  readonly #functions = new Map<string, boolean>();

  constructor(watches: (url: string) => boolean) {
    this.#watches = watches;
    takeCounters();
  }

  /** Characters that ran since the call before and had never run when they were last kept. */
  take({ keep }: { keep: boolean }): number {
    let fresh = 0;
    for (const { url, functions } of takeCounters()) {
      if (!this.#watches(url) || functions.every(({ ranges }) => ranges[0]?.count === 0)) continue;
      fresh += this.#add(url, functions, keep);
    }
    return fresh;
  }

  tally(counts: (url: string) => boolean): Tally {
    const functions = [...this.#functions].filter(([key]) => counts(key));
    const characters = [...this.#scripts].filter(([url]) => counts(url)).map(([, { reached }]) => sum(reached));
    return {
      functions: functions.length,
      functionsReached: functions.filter(([, reached]) => reached).length,
      charactersReached: characters.reduce((total, count) => total + count, 0),
    };
  }

  #add(url: string, functions: readonly Profiler.FunctionCoverage[], keep: boolean): number {
    const { reached, now } = this.#script(url);
    now.fill(0);
    // Outer functions come first, outer blocks before inner ones: what is painted last is right.
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges) now.fill(count > 0 ? 1 : 0, startOffset, endOffset);
      const [whole] = ranges;
      if (whole === undefined) continue;
      const key = `${url}:${whole.startOffset}`;
      this.#functions.set(key, whole.count > 0 || (this.#functions.get(key) ?? false));
    }
    let fresh = 0;
    for (let at = 0; at < now.length; at += 1) {
      if (now[at] === 0 || reached[at] === 1) continue;
      fresh += 1;
      if (keep) reached[at] = 1;
    }
    return fresh;
  }

  #script(url: string): Painted {
    const known = this.#scripts.get(url);
    if (known !== undefined) return known;
    // Stripped types leave blanks behind: offsets are those of the file.
    const { length } = readFileSync(fileURLToPath(url), 'utf8');
    const made = { reached: new Uint8Array(length), now: new Uint8Array(length) };
    this.#scripts.set(url, made);
    return made;
  }
}

const sum = (bits: Uint8Array): number => bits.reduce((total, bit) => total + bit, 0);
