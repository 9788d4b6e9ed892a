import { useEffect, useState } from 'react';
import { languages } from '../i18n/languages.ts';
import { useLanguage } from '../i18n/text.tsx';

/** The time of day, to the minute. */
export function Clock() {
  const { tag } = languages[useLanguage()];
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setTimeout(() => setNow(new Date()), 60_000 - (Date.now() % 60_000) + 50);
    return () => clearTimeout(timer);
  }, [now]);
  return <time className="clock">{now.toLocaleTimeString(tag, { hour: 'numeric', minute: '2-digit' })}</time>;
}
