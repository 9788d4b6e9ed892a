import type { Bars } from '../kit/result.ts';

/** Told apart by any colour vision, and on white and dark pages alike: the picture brings its own ground. */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9'];
const [width, top, barHeight, left, right] = [760, 52, 16, 230, 70];

export function barsSvg({ title, groups }: Bars): string {
  const names = [...new Set(groups.flatMap(({ bars }) => bars.map(({ name }) => name)))];
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)), Number.MIN_VALUE);
  let y = top;
  const drawn = groups.map(({ label, bars }) => {
    const lines = bars.map(({ name, value }, index) => {
      const length = ((width - left - right) * value) / most;
      const at = y + index * barHeight;
      return `<rect x="${left}" y="${at}" width="${length.toFixed(1)}" height="${barHeight - 3}" rx="2" fill="${colours[names.indexOf(name) % colours.length]}"/><text x="${(left + length + 6).toFixed(1)}" y="${at + 11}">${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))}</text>`;
    });
    const text = `<text x="${left - 8}" y="${y + (bars.length * barHeight) / 2 + 3}" text-anchor="end">${escape(label)}</text>`;
    y += bars.length * barHeight + 12;
    return text + lines.join('');
  });
  const legend = names.map(
    (name, index) =>
      `<rect x="${left + index * 120}" y="28" width="11" height="11" rx="2" fill="${colours[index % colours.length]}"/><text x="${left + index * 120 + 17}" y="38">${escape(name)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" font-family="system-ui, sans-serif" font-size="12" fill="#24292f" role="img" aria-label="${escape(title)}"><rect width="${width}" height="${y}" fill="#fff"/><text x="8" y="18" font-size="14" font-weight="600">${escape(title)}</text>${legend.join('')}${drawn.join('')}</svg>
`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
