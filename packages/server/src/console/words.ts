import { AppError } from '@potluck/kernel';

export type Words = {
  readonly words: readonly string[];
  /** The quote that was opened and not closed. */
  readonly open: '"' | "'" | undefined;
  /** Where the last word begins, quote included; the end of the line where the next character begins another. */
  readonly wordAt: number;
};

/** Splits a command line as a shell would: blanks separate, quotes of both kinds and backslashes keep together. */
export function readWords(line: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  let wordAt = 0;
  let open: Words['open'];
  for (let i = 0; i < line.length; i += 1) {
    const char = line[i] ?? '';
    if (word === undefined) wordAt = i;
    if (char === '\\' && open !== "'" && i + 1 < line.length) {
      word = (word ?? '') + (line[i + 1] ?? '');
      i += 1;
    } else if (open !== undefined) {
      if (char === open) open = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      open = char;
      word ??= '';
    } else if (/\s/u.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return { words, open, wordAt: word === undefined ? line.length : wordAt };
}

export function splitWords(line: string): readonly string[] {
  const { words, open } = readWords(line);
  if (open !== undefined) throw new AppError('bad_request', `the quote ${open} is not closed`);
  return words;
}

/** So written that `splitWords` reads it as one word again. */
export const quoteWord = (word: string): string =>
  /^[^\s"'\\]+$/u.test(word) ? word : `"${word.replaceAll(/["\\]/gu, '\\$&')}"`;
