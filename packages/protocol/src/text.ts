import { AppError } from '@potluck/kernel';
import { z } from 'zod';

/** Control characters, and the bidirectional and invisible ones with which a name can pose as another. */
// eslint-disable-next-line no-control-regex -- naming control characters is the point
const deceptive =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Makes text from outside fit to be shown on one line: no control characters, single spaces, at most `max` code points. */
export function cleanLine(text: string, max: number): string {
  // White space first: line breaks become spaces, while other control characters vanish.
  const visible = text.replace(/\s+/gu, ' ').replace(deceptive, '').normalize('NFC');
  const points = Array.from(visible.replace(/\s+/gu, ' ').trim());
  return points.slice(0, max).join('').trimEnd();
}

/** One line of text. Longer text is cut, not refused: old clients do not expect to be refused for a name. */
export const line = (max: number) =>
  z
    .string()
    .max(10_000)
    .transform((text) => cleanLine(text, max));

/** An id that a client chose: any visible characters, kept as they are. */
export const chosenId = (what: string) =>
  z
    .string()
    .min(1, `${what} must not be empty`)
    .max(128, `${what} must be at most 128 characters`)
    .refine((id) => id.search(deceptive) === -1, `${what} must not contain control or invisible characters`);

/** No message needs more; without a limit a frame of brackets alone would exhaust the stack. */
const maxDepth = 64;

/**
 * Removes `null` members, however deep: clients of other languages send `null` for what they do not have. Throws
 * `bad_request` for what is nested absurdly. What holds none is not copied: nearly every message.
 */
export function dropNulls(value: unknown): unknown {
  return holdsNull(value, 0) ? withoutNulls(value) : value;
}

function holdsNull(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > maxDepth) throw new AppError('bad_request', `data must not be nested deeper than ${maxDepth} levels`);
  // Looked through to the end, also behind the first one: what is nested absurdly is refused wherever it is.
  let found = false;
  const isArray = Array.isArray(value);
  for (const member of isArray ? value : Object.values(value)) {
    if (member === null ? !isArray : holdsNull(member, depth + 1)) found = true;
  }
  return found;
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
}
