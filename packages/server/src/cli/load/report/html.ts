import { distribution, escape, linePlot, type Line } from './plot.ts';
import type { LoadReport } from './report.ts';
import type { Summary } from './statistics.ts';
import { bitsOf, bytesOf, percentOf } from './words.ts';

/** Colours after Okabe and Ito, which people with any colour vision can tell apart; lines also differ in dashes. */
const style = `
:root { color-scheme: light dark; --back: #fff; --front: #1b1f24; --soft: #5d6670; --grid: #dfe3e8; --card: #f5f7f9; --warn: #8a4b00;
  --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; --c4: #8c6d00; --c5: #4b5563 }
@media (prefers-color-scheme: dark) { :root { --back: #14171a; --front: #e8eaed; --soft: #9aa4ae; --grid: #2c3238; --card: #1c2126; --warn: #f5b971;
  --c0: #56b4e9; --c1: #e69f00; --c2: #2bc48a; --c3: #e39ac4; --c4: #f0e442; --c5: #aab2bb } }
body { margin: 0 auto; max-width: 1320px; padding: 24px; background: var(--back); color: var(--front); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 24px; margin: 0 0 4px } h2 { font-size: 17px; margin: 32px 0 8px } p { margin: 4px 0 } small, .soft { color: var(--soft) }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 20px 0 }
.card { background: var(--card); border-radius: 10px; padding: 12px 16px } .card b { display: block; font-size: 24px; font-weight: 650 }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr)); gap: 20px }
figure { margin: 0 } figcaption { font-weight: 600 } figcaption small { font-weight: 400 } svg { width: 100%; height: auto; display: block }
svg text { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums } .grid { stroke: var(--grid) } .line { fill: none; stroke-width: 2 }
.c0 { stroke: var(--c0) } .c1 { stroke: var(--c1) } .c2 { stroke: var(--c2) } .c3 { stroke: var(--c3) } .c4 { stroke: var(--c4) } .c5 { stroke: var(--c5) }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px } .legend svg { width: 26px; display: inline-block; vertical-align: middle }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } td, th { padding: 4px 14px 4px 0; text-align: right; border-bottom: 1px solid var(--grid) }
td:first-child, th:first-child { text-align: left } .wide { overflow-x: auto } .remark { color: var(--warn) }`;

export function htmlOf(report: LoadReport): string {
  const { options, clients, startedAt, seconds } = report;
  const title = `Load on room ${options['room'] ?? ''}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title><style>${style}</style></head>
<body><h1>${escape(title)}</h1>
<p class="soft">${escape(`${options['url'] ?? ''}, ${startedAt.replace('T', ' ').slice(0, 19)} UTC, ${seconds} s; ${options['publishers'] ?? 0} publishers, ${options['people'] ?? 0} people, ${options['subscribers'] ?? 0} subscribers`)}</p>
${report.remarks.map((remark) => `<p class="remark">⚠ ${escape(remark)}</p>`).join('\n')}
${clients.failures.map(({ reason, count }) => `<p class="remark">⚠ ${count} did not get in: ${escape(reason)}</p>`).join('\n')}
${cards(report)}
<div class="plots">${plots(report)}</div>
<h2>Times and quality</h2><div class="wide">${summaries(report)}</div>
<h2>Server</h2><div class="wide">${server(report)}</div>
<h2>Conditions</h2><p>${escape(conditions(report))}</p>
</body></html>
`;
}

function cards({ clients, received, pictures, join }: LoadReport): string {
  const card = (name: string, value: string, more: string) =>
    `<div class="card">${name}<b>${escape(value)}</b><small>${escape(more)}</small></div>`;
  return `<div class="cards">${[
    card(
      'In the room',
      `${clients.joined} of ${clients.wanted}`,
      join.entered ? `median ${Math.round(join.entered.median)} ms` : 'nobody',
    ),
    card(
      'First picture',
      join.firstFrame ? `${Math.round(join.firstFrame.median)} ms` : '–',
      join.firstFrame ? `95 %: ${Math.round(join.firstFrame.p95)} ms` : 'no video was received',
    ),
    card(
      'Received',
      bytesOf(received.octets),
      received.bitratePerClient ? `${bitsOf(received.bitratePerClient.median)} a client` : '',
    ),
    card(
      'Lost',
      percentOf(received.loss),
      `${received.lost.toLocaleString('en')} packets; ${received.recovered.toLocaleString('en')} came when asked again`,
    ),
    card('Freezes', String(pictures.freezes), `${pictures.frozenSeconds} s in all, ${pictures.streams} pictures`),
    card(
      'Authentic',
      received.forged === 0 ? 'all' : `${received.forged} not`,
      `${received.opened.toLocaleString('en')} packets opened`,
    ),
  ].join('')}</div>`;
}

function plots({ samples, join }: LoadReport): string {
  const over = (name: string, of: (sample: LoadReport['samples'][number]) => number): Line => ({
    name,
    points: samples.map((sample) => [sample.at, of(sample)]),
  });
  const processes = samples.at(-1)?.cpu.map(({ name }) => name) ?? [];
  const cpu = (name: string) => over(name, (sample) => (sample.cpu.find((one) => one.name === name)?.share ?? 0) * 100);
  const memory = (name: string) => over(name, (sample) => sample.cpu.find((one) => one.name === name)?.memoryMiB ?? 0);
  if (samples.length < 2) return '';
  return [
    linePlot([over('received', ({ received }) => received / 1e6), over('sent', ({ sent }) => sent / 1e6)], {
      title: 'Bit rate, all clients together',
      unit: 'Mbit/s',
    }),
    linePlot([over('loss', ({ loss }) => loss * 100)], { title: 'Packets that never came', unit: '%', atLeast: 1 }),
    linePlot([over('median', ({ jitter }) => jitter.median), over('95 %', ({ jitter }) => jitter.p95)], {
      title: 'Jitter',
      unit: 'ms (RFC 3550)',
      atLeast: 10,
    }),
    linePlot([over('standing still', ({ frozen }) => frozen), over('all', ({ pictures }) => pictures)], {
      title: 'Pictures',
      unit: 'count',
    }),
    ...(processes.length > 0
      ? [
          linePlot(processes.map(cpu), { title: 'CPU of the server', unit: '% of one core', atLeast: 10 }),
          linePlot(processes.map(memory), { title: 'Memory of the server', unit: 'MiB resident' }),
        ]
      : []),
    linePlot([over('this program', ({ late }) => late)], {
      title: 'How late this program came at worst',
      unit: 'ms',
      atLeast: 20,
    }),
    ...(join.entered === undefined ? [] : [joinPlot(join)]),
  ].join('\n');
}

/** Five points of each distribution are in the report: enough to see its shape. */
function joinPlot(join: LoadReport['join']): string {
  const line = (name: string, of: Summary | undefined): Line[] =>
    of === undefined
      ? []
      : [
          {
            ...distribution(name, []),
            points: [
              [of.least, 0],
              [of.median, 50],
              [of.p95, 95],
              [of.most, 100],
            ],
          },
        ];
  const lines = [
    ...line('in the room', join.entered),
    ...line('first sound', join.firstSound),
    ...line('first picture', join.firstFrame),
  ];
  return linePlot(lines, { title: 'Clients that are so far after', unit: '%', xUnit: 'ms', atLeast: 100 });
}

function summaries({ join, received, pictures }: LoadReport): string {
  const rows: [string, Summary | undefined, (value: number) => string][] = [
    ['in the room', join.entered, ms],
    ['path to send up', join.sendPath, ms],
    ['path to receive up', join.receivePath, ms],
    ['first sound', join.firstSound, ms],
    ['first picture', join.firstFrame, ms],
    ['bit rate of a receiving client', received.bitratePerClient, bitsOf],
    ['jitter of sound', received.jitterAudio, ms],
    ['jitter of pictures', received.jitterVideo, ms],
    ['pictures a second', pictures.framesPerSecond, (value) => String(value)],
  ];
  const body = rows.flatMap(([name, of, show]) =>
    of === undefined
      ? []
      : [
          `<tr><td>${name}</td>${[of.least, of.median, of.p95, of.most].map((value) => `<td>${show(value)}</td>`).join('')}<td>${of.count}</td></tr>`,
        ],
  );
  return `<table><tr><th></th><th>least</th><th>median</th><th>95 %</th><th>most</th><th>of</th></tr>${body.join('')}</table>`;
}

const ms = (value: number): string => `${value < 10 ? value : Math.round(value)} ms`;

function server({ server: of, seconds }: LoadReport): string {
  if (of.kind === 'unknown') return `<p>CPU and memory are not known: ${escape(of.why)}.</p>`;
  const rows = of.processes.map(
    ({ name, cpuSeconds, memoryMiB }) =>
      `<tr><td>${escape(name)}</td><td>${cpuSeconds} s</td><td>${percentOf(cpuSeconds / seconds)}</td><td>${memoryMiB} MiB</td></tr>`,
  );
  const each = of.workerMicrosecondsPerPacket;
  return `<table><tr><th></th><th>CPU</th><th>of one core</th><th>memory at the end</th></tr>${rows.join('')}</table>${each === undefined ? '' : `<p>${each} µs of worker CPU for each packet that a client received, receiving from the publishers included.</p>`}`;
}

function conditions({ machine, options }: LoadReport): string {
  const settings = Object.entries(options).map(([name, value]) => `${name} ${String(value)}`);
  return `Clients on ${machine.cores} × ${machine.model}, ${machine.system}; load average ${machine.load[0]} before, ${machine.load[1]} after. ${settings.join(', ')}.`;
}
