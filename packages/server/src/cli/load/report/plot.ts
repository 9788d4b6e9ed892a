/** Plots as SVG inside a page: their colours come from its style sheet, so they follow light and dark. */

export type Line = { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] };
export type PlotOptions = {
  readonly title: string;
  readonly unit: string;
  readonly xUnit?: string;
  readonly atLeast?: number;
};

const size = { width: 620, height: 200, left: 62, right: 12, top: 14, bottom: 26 };
const dashes = ['', '6 3', '2 3', '9 3 2 3', '1 2'];

export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Lines over a common scale from 0. Lines differ in colour and in dashes. */
export function linePlot(lines: readonly Line[], { title, unit, xUnit = 's', atLeast = 0 }: PlotOptions): string {
  const points = lines.flatMap((line) => line.points);
  const most = niceCeil(Math.max(atLeast, ...points.map(([, y]) => y)));
  const [from, to] = [Math.min(...points.map(([x]) => x), 0), Math.max(...points.map(([x]) => x), 1)];
  const { width, height, left, right, top, bottom } = size;
  const x = (value: number) => left + ((value - from) / (to - from)) * (width - left - right);
  const y = (value: number) => height - bottom - (value / most) * (height - top - bottom);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(most * share).toFixed(1);
    return `<line class="grid" x1="${left}" x2="${width - right}" y1="${at}" y2="${at}"/><text x="${left - 6}" y="${at}" dy="4" text-anchor="end">${show(most * share)}</text>`;
  });
  const marks = [0, 0.5, 1].map((share) => {
    const value = from + (to - from) * share;
    const anchor = ['start', 'middle', 'end'][share * 2];
    return `<text x="${x(value).toFixed(1)}" y="${height - 8}" text-anchor="${anchor}">${show(value)} ${xUnit}</text>`;
  });
  const drawn = lines.map(({ points: of }, index) => {
    const path = of.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(' ');
    return `<polyline class="line c${index % 6}" stroke-dasharray="${dashes[index % dashes.length]}" points="${path}"/>`;
  });
  return figure(title, unit, lines, `${grid.join('')}${marks.join('')}${drawn.join('')}`);
}

function figure(title: string, unit: string, lines: readonly Line[], inside: string): string {
  const legend =
    lines.length < 2
      ? ''
      : `<p class="legend">${lines
          .map(
            ({ name }, index) =>
              `<span><svg width="26" height="8" aria-hidden="true"><line class="line c${index % 6}" stroke-dasharray="${dashes[index % dashes.length]}" x1="0" x2="26" y1="4" y2="4"/></svg> ${escape(name)}</span>`,
          )
          .join('')}</p>`;
  const label = escape(`${title}, ${unit}`);
  return `<figure><figcaption>${escape(title)} <small>${escape(unit)}</small></figcaption><svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">${inside}</svg>${legend}</figure>`;
}

/** How many of the values are at most so large, as a line from 0 to 100 %. */
export function distribution(name: string, values: readonly number[]): Line {
  const sorted = values.toSorted((a, b) => a - b);
  const steps = sorted.map((value, index) => [value, ((index + 1) * 100) / sorted.length] as const);
  return { name, points: [[0, 0], ...steps] };
}

function niceCeil(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 4, 5, 8, 10].find((step) => step * power >= value * 0.999) ?? 10) * power;
}

const show = (value: number): string =>
  value >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)));
