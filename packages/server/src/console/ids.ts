import { AppError } from '@potluck/kernel';
import { clean } from './render/text.ts';

const shownAtMost = 5;

/** The one id that is `text` or begins with it. Throws `not_found`, or `bad_request` when several do. */
export function pickId(ids: readonly string[], text: string, what: string): string {
  if (ids.includes(text)) return text;
  const fitting = text === '' ? [] : ids.filter((id) => id.startsWith(text));
  const [only, second] = fitting;
  if (only === undefined) throw new AppError('not_found', `${what} "${clean(text)}" not found`);
  if (second === undefined) return only;
  const shown = fitting.slice(0, shownAtMost).map(clean).join(', ');
  const more = fitting.length > shownAtMost ? ', …' : '';
  throw new AppError(
    'bad_request',
    `"${clean(text)}" fits ${fitting.length} ${what}s (${shown}${more}); give more of it`,
  );
}

/** The named id or, without a name, the newest. `ids` has the oldest first. */
export function pickIdOrLatest(ids: readonly string[], text: string | undefined, what: string): string {
  if (text !== undefined) return pickId(ids, text, what);
  const latest = ids.at(-1);
  if (latest === undefined) throw new AppError('not_found', `no ${what} is open`);
  return latest;
}
