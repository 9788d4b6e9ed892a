import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Sample } from '../measure.ts';
import { readLoadOptions } from '../options.ts';
import { htmlOf } from './html.ts';
import { linePlot } from './plot.ts';
import { reportOf } from './report.ts';
import { summaryOf } from './statistics.ts';
import { progressOf, textOf } from './text.ts';
import { bitsOf, bytesOf, percentOf } from './words.ts';

const sample = (at: number, late = 1): Sample => ({
  at,
  joined: 2,
  received: 2_500_000,
  sent: 1_000_000,
  packetsPerSecond: 300,
  loss: 0.001,
  jitter: { median: 2, p95: 5 },
  frozen: 0,
  pictures: 3,
  late,
  cpu: [{ name: 'worker 0', share: 0.25, memoryMiB: 17 }],
});
const options = readLoadOptions([
  '--room',
  'kitchen',
  '--token',
  'very-secret',
  '--password',
  'hush',
  '--api-key',
  'key-of-all',
])!;
const use = (cpuSeconds: number) => ({
  kind: 'known' as const,
  processes: [
    { name: 'server (Node)', pid: 1, cpuSeconds, memoryMiB: 90 },
    { name: 'worker 0', pid: 2, cpuSeconds: cpuSeconds * 2, memoryMiB: 17 },
  ],
});
const report = (changes: Partial<Parameters<typeof reportOf>[0]> = {}) =>
  reportOf({
    options,
    clients: [],
    samples: [sample(1), sample(2)],
    startedAt: new Date(0),
    seconds: 10,
    loadBefore: 1,
    server: { before: use(1), after: use(3) },
    ...changes,
  });

describe('the report of a load', () => {
  it('has no credentials in it', () => {
    const whole = JSON.stringify(report()) + htmlOf(report());
    assert.ok(!whole.includes('very-secret') && !whole.includes('hush') && !whole.includes('key-of-all'));
  });

  it('says what the server used, by difference, or why that is not known', () => {
    const { server } = report();
    assert.ok(server.kind === 'known');
    assert.deepEqual(
      server.processes.map(({ cpuSeconds }) => cpuSeconds),
      [2, 4],
    );
    const unknown = report({ server: { before: use(1), after: { kind: 'unknown', why: 'it is far away' } } });
    assert.match(textOf(unknown), /not known: it is far away/u);
    assert.match(htmlOf(unknown), /not known: it is far away/u);
  });

  it('doubts itself when the program that measures came late', () => {
    assert.deepEqual(report().remarks, []);
    assert.match(
      report({ samples: [sample(1), sample(2, 300)] }).remarks.join(),
      /1 of 2 samples this program itself came/u,
    );
  });

  it('is a page that loads nothing from elsewhere, in light and dark', () => {
    const html = htmlOf(report());
    assert.doesNotMatch(html, /(?:src|href)=|url\(|@import/u);
    assert.match(html, /prefers-color-scheme: dark/u);
    assert.equal(html.match(/<figure>/gu)?.length, html.match(/role="img"/gu)?.length);
  });
});

describe('plots', () => {
  it('escape what they are given, and scale to round numbers', () => {
    const svg = linePlot(
      [
        {
          name: '<b>',
          points: [
            [0, 0],
            [10, 87],
          ],
        },
        { name: 'b', points: [] },
      ],
      { title: '<x>', unit: '%' },
    );
    assert.ok(!svg.includes('<b>') && !svg.includes('<x>'));
    assert.match(svg, />100<\/text>/u);
  });
});

describe('words', () => {
  it('have units that fit', () => {
    assert.deepEqual([bitsOf(999), bitsOf(1_400_000), bytesOf(12_345_678)], ['999 bit/s', '1.40 Mbit/s', '12.3 MB']);
    assert.deepEqual(
      [percentOf(0), percentOf(0.000001), percentOf(0.0123), percentOf(0.5)],
      ['0 %', '< 0.01 %', '1.23 %', '50.0 %'],
    );
    assert.equal(summaryOf([]), undefined);
    assert.deepEqual(summaryOf([4, 1, 3, 2]), { count: 4, least: 1, median: 2, p95: 4, most: 4 });
    assert.match(progressOf(sample(3), 2), /^3 s · 2\/2 in · ↓ 2\.50 Mbit\/s .* worker 0 25 %$/u);
  });
});
