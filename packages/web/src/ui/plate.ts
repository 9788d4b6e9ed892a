export const glazes = 8;

/** The colour of somebody's plate: the same for everyone who sees it. */
export function glazeOf(id: string): number {
  let hash = 2166136261; // FNV-1a
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 16777619);
  return (hash >>> 0) % glazes;
}

/** One or two letters for a name; one character for names in Chinese, Japanese or Korean; «?» for none. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const first = words[0];
  if (first === undefined) return '?';
  const letters = graphemes(first);
  if (/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(first)) return letters.at(-1)!;
  const last = words.length > 1 ? words.at(-1) : undefined;
  return `${letters[0]!}${last === undefined ? '' : graphemes(last)[0]!}`.toUpperCase();
}

function graphemes(text: string): string[] {
  // Firefox before 125 has no segmenter.
  if (!('Segmenter' in Intl)) return Array.from(text);
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}
