/** A size as people say it: whole kilobytes, megabytes to a tenth. */
export function sizeText(bytes: number, language: string): string {
  const [value, unit, digits] =
    bytes < 1_000_000
      ? ([Math.ceil(bytes / 1000), 'kilobyte', 0] as const)
      : ([bytes / 1_000_000, 'megabyte', 1] as const);
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);
}

export const percentOf = (received: number, size: number): number =>
  size === 0 ? 100 : Math.min(100, Math.floor((100 * received) / size));

/** Pictures that a browser draws and never runs: no SVG. */
const pictures = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'];
const pictureBytesMax = 25_000_000;

/** Whether a file may be shown as a small picture. */
export const isPicture = ({ type, size }: { type: string; size: number }): boolean =>
  pictures.includes(type) && size <= pictureBytesMax;
