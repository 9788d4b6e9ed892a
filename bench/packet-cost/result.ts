import type { Goal, Result } from '../kit/result.ts';
import { shapeOf, type Report, type Row } from './report.ts';

/** µs that a burst of ten may cost with the tuned worker at 50 consumers. */
const wantedMicroseconds = 5;
/** Of a ratio that is measured in turns; smaller differences are noise. */
const noise = 0.04;

/** The report in the form that `npm run bench` gathers. */
export function toResult({ rows, load, rounds }: Report, seconds: number): Result {
  const cost = (row: Row, name: string) => row.results.find((result) => result.name === name)?.median ?? NaN;
  const percent = (share: number) => `${share > 0 ? '+' : ''}${Math.round(share * 100)} %`;
  return {
    name: 'packet-cost',
    title: 'CPU of the worker per forwarded packet',
    about: `Microseconds of user and system time, medians of ${rounds} rounds in turns within one run, SRTP with AES-128-GCM, one producer over loopback; plain is the same binary with its batching of datagrams switched off. The last column is the median of each round's own ratio, which a busy machine disturbs least. Every packet is counted and must come in order; each 16th is decrypted and compared. All cases: performance/packet-cost.md.`,
    table: {
      head: ['packets', 'consumers', 'plain', 'tuned', 'tuned against plain'],
      rows: rows.map((row) => [
        shapeOf(row),
        row.consumers,
        cost(row, 'plain').toFixed(2),
        cost(row, 'tuned').toFixed(2),
        percent(row.change),
      ]),
    },
    bars: {
      title: 'Worker CPU per forwarded packet, µs (less is better)',
      groups: rows.map((row) => ({
        label: `${shapeOf(row)} to ${row.consumers}`,
        bars: row.results.map(({ name, median }) => ({ name, value: median })),
      })),
    },
    figures: rows.map((row) => ({
      name: `tuned, ${shapeOf(row)} to ${row.consumers}`,
      value: cost(row, 'tuned'),
      unit: 'µs',
      better: 'less',
    })),
    goals: rows.map((row): Goal => {
      const what = `${shapeOf(row)} to ${row.consumers}`;
      if (row.burst === 1) {
        return { what, wanted: 'never more than plain', found: percent(row.change), met: row.change <= noise };
      }
      const found = cost(row, 'tuned');
      return {
        what,
        wanted: `at most ${wantedMicroseconds} µs`,
        found: `${found.toFixed(2)} µs`,
        met: found <= wantedMicroseconds,
      };
    }),
    at: new Date().toISOString(),
    seconds: Math.round(seconds),
    load,
  };
}
