import { en } from './en.ts';
import type { Texts } from './texts.ts';
import { zh } from './zh.ts';

export type Language = 'en' | 'zh';

export const languages: { readonly [L in Language]: { texts: Texts; name: string; tag: string } } = {
  en: { texts: en, name: 'English', tag: 'en' },
  zh: { texts: zh, name: '中文', tag: 'zh-CN' },
};

export const isLanguage = (value: unknown): value is Language =>
  typeof value === 'string' && Object.hasOwn(languages, value);

/** The first language of the browser's list that we speak. */
export function preferredLanguage(wanted: readonly string[]): Language {
  return wanted.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en';
}
