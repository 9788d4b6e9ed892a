import { createStore, type Store } from '../state/store.ts';

/** What can be done about a message, with one press. */
export type Offer = { readonly label: string; run(): void };

/** A short message that goes away by itself. */
export type Notice = { readonly id: number; readonly until: number } & (
  | { readonly kind: 'joined' | 'left'; readonly names: readonly string[] }
  | { readonly kind: 'text'; readonly text: string; readonly tone: 'plain' | 'problem'; readonly offer?: Offer }
);

type NewNotice =
  { kind: 'joined' | 'left'; name: string } | { kind: 'text'; text: string; tone: 'plain' | 'problem'; offer?: Offer };

export const noticeMs = 4500;
const most = 3;

/**
 * Adds a notice. They do not pile up: joins and leaves gather in one line each, the same text is not shown twice, and
 * of more than three the oldest goes.
 */
export function post(notices: readonly Notice[], added: NewNotice, id: number, now: number): readonly Notice[] {
  const slow = added.kind === 'text' && (added.tone === 'problem' || added.offer !== undefined);
  const until = now + (slow ? 2 * noticeMs : noticeMs);
  if (added.kind === 'text') {
    const others = notices.filter((notice) => !(notice.kind === 'text' && notice.text === added.text));
    return [...others, { id, until, ...added }].slice(-most);
  }
  const { kind, name } = added;
  const same = notices.find((notice) => notice.kind === kind);
  if (same === undefined || same.kind === 'text') return [...notices, { id, until, kind, names: [name] }].slice(-most);
  const names = [...same.names.filter((other) => other !== name), name];
  return notices.map((notice) => (notice === same ? { ...same, names, until } : notice));
}

export const expire = (notices: readonly Notice[], now: number): readonly Notice[] =>
  notices.some(({ until }) => until <= now) ? notices.filter(({ until }) => until > now) : notices;

/** The notices on screen. Close it to stop its timer. */
export class NoticeBoard {
  readonly notices: Store<readonly Notice[]> = createStore<readonly Notice[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;

  joined(name: string): void {
    this.#post({ kind: 'joined', name });
  }
  left(name: string): void {
    this.#post({ kind: 'left', name });
  }
  say(text: string): void {
    this.#post({ kind: 'text', text, tone: 'plain' });
  }
  offer(text: string, offer: Offer): void {
    this.#post({ kind: 'text', text, tone: 'plain', offer });
  }
  complain(text: string): void {
    this.#post({ kind: 'text', text, tone: 'problem' });
  }

  dismiss(id: number): void {
    this.notices.set(this.notices.get().filter((notice) => notice.id !== id));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.notices.set([]);
  }

  #post(added: NewNotice): void {
    this.notices.set(post(this.notices.get(), added, ++this.#count, Date.now()));
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const next = Math.min(...this.notices.get().map(({ until }) => until));
    if (!Number.isFinite(next)) return;
    this.#timer = setTimeout(
      () => {
        this.notices.set(expire(this.notices.get(), Date.now()));
        this.#schedule();
      },
      Math.max(0, next - Date.now()) + 10,
    );
  }
}
