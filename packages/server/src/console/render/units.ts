/** Three significant digits, without an exponent. */
function short(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const steps = ['', 'k', 'M', 'G', 'T'];

function scaled(value: number): { shown: string; prefix: string } {
  let rest = value;
  let step = 0;
  while (Math.abs(rest) >= 999.5 && step < steps.length - 1) {
    rest /= 1000;
    step += 1;
  }
  return { shown: short(rest), prefix: steps[step] ?? '' };
}

const withUnit = (unit: string) => (value: number) => {
  const { shown, prefix } = scaled(value);
  return `${shown} ${prefix}${unit}`.trimEnd();
};

/** Bits per second. */
export const bitrate = withUnit('b/s');
export const bytes = withUnit('B');
export const count = (value: number): string => {
  const { shown, prefix } = scaled(value);
  return `${shown}${prefix}`;
};
/** A share of one, as percent of one. */
export const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Milliseconds as the two largest units: `3 h 12 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const units: [number, string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const first = units.findIndex(([length]) => seconds >= length);
  if (first === -1) return '0 s';
  let rest = seconds;
  const shown: string[] = [];
  for (const [length, unit] of units.slice(first, first + 2)) {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    if (whole > 0) shown.push(`${whole} ${unit}`);
  }
  return shown.join(' ');
}

const blocks = '▁▂▃▄▅▆▇█';

/** One block a value, the largest at full height; nothing at all is a blank. */
export function sparkline(values: readonly (number | undefined)[]): string {
  const top = Math.max(0, ...values.filter((value) => value !== undefined));
  return values
    .map((value) => {
      if (value === undefined) return ' ';
      if (top <= 0 || value <= 0) return blocks[0];
      return blocks[Math.min(blocks.length - 1, Math.ceil((value / top) * blocks.length) - 1)];
    })
    .join('');
}
