/** Names of rooms and people come from anybody: what could draw on the operator's terminal is replaced. */
export const clean = (text: string): string =>
  // Control characters (C0, DEL, C1), line separators, and what turns the direction of writing.
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');

/** What is read as one character. Made when asked for: a server that shows no such text does without the tables of `Intl`. */
const clustersOf = (text: string): string[] =>
  Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);

/** What terminals draw over two columns: East Asian wide characters (UAX #11) and emoji. */
const wide =
  /^(?:\p{RGI_Emoji}|[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/v;
const invisible = /^[\p{Mark}\p{Format}]$/u;

const widthOfCluster = (cluster: string): number => (wide.test(cluster) ? 2 : invisible.test(cluster) ? 0 : 1);

/** Columns that a text without control sequences takes on a terminal. */
export function widthOf(text: string): number {
  if (/^[\u0020-\u007e]*$/u.test(text)) return text.length;
  let width = 0;
  for (const cluster of clustersOf(text)) width += widthOfCluster(cluster);
  return width;
}

/** Shortens to at most `width` columns, with an ellipsis where something is missing. */
export function fit(text: string, width: number, keep: 'start' | 'end' = 'start'): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  const clusters = clustersOf(text);
  if (keep === 'end') clusters.reverse();
  const kept: string[] = [];
  let left = width - 1;
  for (const cluster of clusters) {
    left -= widthOfCluster(cluster);
    if (left < 0) break;
    kept.push(cluster);
  }
  return keep === 'end' ? `…${kept.toReversed().join('')}` : `${kept.join('')}…`;
}

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;

/** Breaks at blanks into lines of at most `width` columns. */
export function wrapText(text: string, width: number): string {
  if (!Number.isFinite(width)) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join('\n');
}
