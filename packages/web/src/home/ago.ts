const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** «2 hours ago», in the language of `locale`. */
export function ago(milliseconds: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, length] of units)
    if (milliseconds >= length) return format.format(-Math.floor(milliseconds / length), unit);
  return format.format(0, 'minute');
}
