import type { Case } from './rig.ts';

/** One variant's CPU per forwarded packet, in µs. */
export type Result = { name: string; median: number; least: number; most: number };
export type Row = Case & {
  /** Of tuned against plain: the median of the rounds' own ratios, less one. */
  change: number;
  results: Result[];
};
export type Report = {
  machine: string;
  node: string;
  rounds: number;
  /** The load of the machine in the minute before, and at the end. */
  load: [number, number];
  rows: Row[];
};

const suiteNames = { AEAD_AES_128_GCM: 'AES-GCM', AES_CM_128_HMAC_SHA1_80: 'AES-CM' };
const colours = ['#9aa5b1', '#2f7ed8', '#c9a227', '#7a4fbf'];

export function toMarkdown({ machine, node, rounds, load, rows }: Report): string {
  const names = rows[0]?.results.map(({ name }) => name) ?? [];
  const head = ['packets', 'SRTP', 'consumers', ...names, 'tuned against plain'];
  const body = rows.map((row) => {
    const change = Math.round(row.change * 100);
    const cells = row.results.map(
      ({ median, least, most }) => `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`,
    );
    return [shapeOf(row), suiteNames[row.suite], row.consumers, ...cells, `${change > 0 ? '+' : ''}${change} %`];
  });
  const table = [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`);
  return `# CPU of the worker per forwarded packet

![CPU per forwarded packet of ${rows[0]?.length ?? 0} bytes](packet-cost.svg)

Microseconds of user and system time, median of ${rounds} rounds (least to most) in turns within one run. _tuned_ is the
worker as it is built; _plain_ is the same binary with \`MEDIASOUP_UDP_GSO=off\`; _original_, where there is one, was built without the patch. The last column is the median of each round's own ratio, which a busy machine disturbs least.

${table.join('\n')}

Conditions: ${machine}; Node ${node}; load of the machine ${load.map((one) => one.toFixed(1)).join(' before, ')} after (of which
this bench makes about 2). One worker, one router, one producer whose packets come in plain RTP over loopback; each
consumer is a plain transport of its own with SRTP and a retransmission buffer (video), without bandwidth estimation.
The cost of receiving is in it, and on loopback so is the way to the receiver's socket. The next burst is sent when
every consumer has all of the last one, so single packets find a worker at rest. Every packet is counted and must come in
order; each 16th is decrypted, authenticated and compared with what was sent. To repeat it: \`node bench/packet-cost/run.ts\`.
`;
}

/** Bars per case, one colour per variant, with AES-GCM. */
export function toSvg({ rows }: Report): string {
  const shown = rows.filter(({ suite }) => suite === 'AEAD_AES_128_GCM');
  const names = shown[0]?.results.map(({ name }) => name) ?? [];
  const [width, top, barHeight, left, right] = [760, 44, 13, 250, 60];
  const most = Math.max(...shown.flatMap(({ results }) => results.map(({ median }) => median)));
  const groupHeight = names.length * barHeight + 12;
  const bars = shown.map((row, group) => {
    const y = top + group * groupHeight;
    const drawn = row.results.map(({ median }, i) => {
      const length = ((width - left - right) * median) / most;
      const at = y + i * barHeight;
      return `<rect x="${left}" y="${at}" width="${length.toFixed(1)}" height="${barHeight - 2}" fill="${colours[i % colours.length]}"/><text x="${(left + length + 5).toFixed(1)}" y="${at + 9}">${median.toFixed(1)}</text>`;
    });
    const label = `${shapeOf(row)} to ${row.consumers}`;
    return `<text x="${left - 8}" y="${y + (names.length * barHeight) / 2 + 3}" text-anchor="end">${label}</text>${drawn.join('')}`;
  });
  const legend = names.map(
    (name, i) =>
      `<rect x="${left + i * 110}" y="24" width="10" height="10" fill="${colours[i % colours.length]}"/><text x="${left + i * 110 + 15}" y="33">${name}</text>`,
  );
  const height = top + shown.length * groupHeight + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11" fill="#333"><rect width="${width}" height="${height}" fill="#fff"/><text x="8" y="16" font-size="13">Worker CPU per forwarded packet, µs, SRTP with AES-GCM (less is better)</text>${legend.join('')}${bars.join('')}</svg>
`;
}

export const shapeOf = ({ kind, length, burst }: Case): string =>
  kind === 'audio'
    ? `audio, ${length} B`
    : `${length.toLocaleString('en')} B, ${burst === 1 ? 'single' : `bursts of ${burst}`}`;
