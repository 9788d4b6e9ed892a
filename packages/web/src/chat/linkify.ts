export type TextPart = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

const address = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/gi;
/** Signs that end a sentence and not an address. */
const trailing = /[.,;:!?，。；：！？、]+$/u;

/** Finds the links in a text. Only http and https become links; the text stays exactly as it was written. */
export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const found = trim(match[0]);
    const href = /^www\./i.test(found) ? `https://${found}` : found;
    if (!URL.canParse(href)) continue;
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    parts.push({ kind: 'link', text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

function trim(found: string): string {
  const text = found.replace(trailing, '');
  // «(see https://a.b/c)» ends before the bracket; «https://a.b/c_(d)» does not.
  const opens = text.split('(').length;
  const closes = text.split(')').length;
  return text.endsWith(')') && closes > opens ? trim(text.slice(0, -1)) : text;
}
