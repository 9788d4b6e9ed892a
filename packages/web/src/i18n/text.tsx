import { createContext, useContext, useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { preferences } from '../state/preferences.ts';
import { languages, preferredLanguage, type Language } from './languages.ts';
import type { Texts } from './texts.ts';

const TextContext = createContext<{ language: Language; texts: Texts }>({ language: 'en', texts: languages.en.texts });

/** Gives the texts of the chosen language, else of the browser's. */
export function TextProvider({ children }: { children: ReactNode }) {
  const { language: chosen } = useSyncExternalStore(preferences.subscribe, preferences.get);
  const language = chosen ?? preferredLanguage(navigator.languages);
  const { texts, tag } = languages[language];
  useEffect(() => {
    document.documentElement.lang = tag;
  }, [tag]);
  return (
    <I18nProvider locale={tag}>
      <TextContext value={{ language, texts }}>{children}</TextContext>
    </I18nProvider>
  );
}

/** The texts now, for what is not drawn by React. */
export const currentTexts = (): Texts =>
  languages[preferences.get().language ?? preferredLanguage(navigator.languages)].texts;

export const useText = (): Texts => useContext(TextContext).texts;
export const useLanguage = (): Language => useContext(TextContext).language;
