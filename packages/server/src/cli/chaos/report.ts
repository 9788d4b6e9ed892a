import { percentile } from '../percentile.ts';
import { showStep, stepKinds } from './plan.ts';
import type { Outcome, Report } from './trial.ts';

const ms = (value: number) => String(Math.round(value));

/** What happened, as a table: for each kind of step the gaps at the worst receiver. */
export function tableOf({ seed, outcomes, rejections, leaks, blanks, quiet, warnings, crashes }: Report): string {
  const header = ['step', 'times', 'audio p50', 'p95', 'max', 'video p50', 'p95', 'max', 'well again p95'];
  const rows = stepKinds.flatMap((kind) => {
    const of = outcomes.filter(({ step }) => step.kind === kind);
    if (of.length === 0) return [];
    const show = (values: number[]) => [0.5, 0.95, 1].map((share) => ms(percentile(values, share)));
    return [
      [
        kind,
        String(of.length),
        ...show(of.map(({ audioGap }) => audioGap)),
        ...show(of.map(({ videoGap }) => videoGap)),
        ms(
          percentile(
            of.map(({ healedMs }) => healedMs),
            0.95,
          ),
        ),
      ],
    ];
  });
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  const broken = outcomes.flatMap(({ broken }) => broken);
  return [
    line(header),
    ...rows.map(line),
    '',
    `seed ${seed}, ${outcomes.length} steps; all times in milliseconds, at the worst receiver of each step`,
    `without any step: audio ${ms(quiet.audioGap)}, video ${ms(quiet.videoGap)}`,
    `broken invariants: ${broken.length === 0 ? 'none' : broken.join('; ')}`,
    `unhandled rejections: ${rejections.length === 0 ? 'none' : rejections.join('\n')}`,
    `left in the server: ${leaks.length === 0 ? 'nothing' : leaks.join(', ')}`,
    ...crashes.map(
      ({ bots, step, signal, code }) =>
        `step ${step}: the process of ${bots.join(', ')} ended by ${signal ?? `code ${code}`}, and joined again`,
    ),
    `tiles without a track for a moment: ${blanks}`,
    ...[...warnings]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, 5)
      .map(([text, count]) => `warned ${count} times: ${text}`),
  ].join('\n');
}

/** A bot's libwebrtc that dies by a signal is told, and is no fault of what is tested. */
export const failed = ({ outcomes, rejections, leaks, crashes }: Report): boolean =>
  outcomes.some(({ broken }) => broken.length > 0) ||
  rejections.length > 0 ||
  leaks.length > 0 ||
  crashes.some(({ signal }) => signal === null);

const colors: { readonly [kind: string]: string } = {
  kill: '#c62828',
  twice: '#e53935',
  stop: '#ad1457',
  drain: '#1565c0',
  restart: '#4527a0',
  cut: '#ef6c00',
  delay: '#f9a825',
  loss: '#6a1b9a',
  lag: '#00838f',
};
const width = 1200;
const row = { top: 60, height: 130 };

/** The gaps of every step along the time, as a picture. */
export function timelineOf(report: Report): string {
  const { outcomes, seed } = report;
  const last = outcomes.at(-1);
  const endMs = (last?.at ?? 0) + (last?.healedMs ?? 0) + 1;
  const x = (at: number) => (40 + (at / endMs) * (width - 60)).toFixed(1);
  const most = Math.max(1000, ...outcomes.flatMap(({ audioGap, videoGap }) => [audioGap, videoGap]));
  const bars = (name: string, index: number, gapOf: (outcome: Outcome) => number) => {
    const base = row.top + (index + 1) * row.height;
    const drawn = outcomes.map((outcome) => {
      const height = (gapOf(outcome) / most) * (row.height - 30);
      const color = outcome.broken.length > 0 ? '#000' : (colors[outcome.step.kind] ?? '#90a4ae');
      const title = `${showStep(outcome.step)}: ${ms(gapOf(outcome))} ms`;
      return `<rect x="${x(outcome.at)}" y="${(base - height).toFixed(1)}" width="3" height="${height.toFixed(1)}" fill="${color}"><title>${title}</title></rect>`;
    });
    const axis = `<line x1="40" x2="${width - 20}" y1="${base}" y2="${base}" stroke="#999"/>`;
    return `<text x="40" y="${base - row.height + 22}">${name} (highest: ${ms(Math.max(0, ...outcomes.map(gapOf)))} ms)</text>${axis}${drawn.join('')}`;
  };
  const legend = Object.entries(colors).map(
    ([kind, color], index) =>
      `<rect x="${300 + index * 90}" y="16" width="12" height="12" fill="${color}"/><text x="${316 + index * 90}" y="27">${kind}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${row.top + 2 * row.height + 40}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
<text x="40" y="27" font-weight="bold">Chaos, seed ${seed}, ${outcomes.length} steps</text>${legend.join('')}
${bars('longest silence', 0, ({ audioGap }) => audioGap)}
${bars('longest still picture', 1, ({ videoGap }) => videoGap)}
<text x="40" y="${row.top + 2 * row.height + 24}">0 s</text><text x="${width - 80}" y="${row.top + 2 * row.height + 24}">${Math.round(endMs / 1000)} s</text>
</svg>
`;
}
