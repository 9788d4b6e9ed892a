import { goalLines, markdownTable, type Figure, type Result } from '../kit/result.ts';
import type { Entry, RecordFile } from './record.ts';

/** Smaller changes are within what a shared machine does by itself. */
const noise = 0.1;

/** In docs/performance; packet-cost has another picture of its own there. */
export const pictureOf = (name: string): string => `bench-${name}.svg`;

/** docs/performance.md. */
export function pageOf(record: RecordFile): string {
  const entries = Object.values(record);
  const goals = entries.flatMap((entry) => entry.goals);
  const met = goals.filter((goal) => goal.met).length;
  return `# Performance

What Potluck costs, measured by \`npm run bench\` on one machine; this page is written by it. ${met} of ${goals.length} goals are met. Each part says under which load it
was measured: on a machine that others use at the same time, trust ratios within a run more than times. [bench/README.md](../bench/README.md) says how each works.

${entries.map(sectionOf).join('\n\n')}
`;
}

function sectionOf(entry: Entry): string {
  const { name, title, about, table, bars, goals, conditions, load, at, seconds } = entry;
  const { machine, system, node, memoryGiB } = conditions;
  return [
    `## ${title}`,
    about,
    ...(bars === undefined ? [] : [`![${bars.title}](performance/${pictureOf(name)})`]),
    markdownTable(table),
    ...(goals.length === 0 ? [] : [goalLines(goals)]),
    ...comparison(entry),
    `Measured ${at.slice(0, 10)} on ${machine}, ${memoryGiB} GiB, ${system}, Node ${node}; load average ${load[0].toFixed(1)} before, ${load[1].toFixed(1)} after ${seconds} s.`,
  ].join('\n\n');
}

function comparison({ figures, previous }: Entry): string[] {
  if (previous === undefined) return [];
  const rows = figures.flatMap((figure) => {
    const before = previous.figures.find(({ name }) => name === figure.name);
    return before === undefined ? [] : [[figure.name, show(before), show(figure), changeOf(figure, before)]];
  });
  if (rows.length === 0) return [];
  const head = ['', `${previous.at.slice(0, 10)}, load ${previous.load[0].toFixed(1)}`, 'now', ''];
  return [`Against the time before:\n\n${markdownTable({ head, rows })}`];
}

/** For the terminal: every figure, and how it was before. */
export function summaryOf(results: readonly Result[], before: RecordFile): string {
  return results
    .map(({ name, title, table, goals, figures, load }) => {
      const lines = figures.map((figure) => {
        const known = before[name]?.figures.find((one) => one.name === figure.name);
        return `  ${figure.name}: ${show(figure)}${known === undefined ? '' : ` (before: ${show(known)}, ${changeOf(figure, known)})`}`;
      });
      return `\n${title} (load ${load.map((one) => one.toFixed(1)).join(' to ')})\n${markdownTable(table)}\n${goalLines(goals)}\n${lines.join('\n')}`;
    })
    .join('\n');
}

const show = ({ value, unit }: Figure): string =>
  `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`;

function changeOf(now: Figure, before: Figure): string {
  const change = now.value / before.value - 1;
  if (!Number.isFinite(change) || Math.abs(change) < noise) return 'the same';
  const better = change < 0 === (now.better === 'less');
  return `${change > 0 ? '+' : ''}${Math.round(change * 100)} %, ${better ? 'better' : 'worse'}`;
}
