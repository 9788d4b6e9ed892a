/**
 * CPU of the worker per forwarded packet: `node bench/packet-cost/run.ts [--quick] [--json FILE] [--out FOLDER] [--bin NAME=PATH]…`
 *
 * Measures the located worker with its batching of UDP sends and without it, and any other binary that is named, in
 * turns within one run. Nothing is counted that did not arrive: see sink.ts.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '@potluck/kernel';
import { locateWorker } from '@potluck/engine';
import { percentile } from '../../packages/server/src/cli/percentile.ts';
import { toMarkdown, toSvg, type Report, type Row } from './report.ts';
import { toResult } from './result.ts';
import { openRig, startWorker, type Case, type Variant } from './rig.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    json: { type: 'string' },
    bin: { type: 'string', multiple: true, default: [] },
  },
});

const suites = ['AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_80'] as const;
const shapes = [
  { kind: 'video', length: 1_100, burst: 10 },
  { kind: 'video', length: 1_100, burst: 1 },
  { kind: 'audio', length: 160, burst: 1 },
] as const;
const cases: Case[] = values.quick
  ? shapes.map((shape) => ({ consumers: 50, suite: 'AEAD_AES_128_GCM', ...shape }))
  : suites.flatMap((suite) =>
      [10, 50, 200].flatMap((consumers) => shapes.map((shape) => ({ suite, consumers, ...shape }))),
    );
const rounds = values.quick ? 7 : 13;
/** Forwarded packets of one round; enough to make the clock's grain small. */
const packetsPerRound = 5_000;

try {
  const report = await measure(variantsOf(values.bin));
  const markdown = toMarkdown(report);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(toResult(report, performance.now() / 1000)));
  if (values.out === undefined) console.log(markdown);
  else store(values.out, report, markdown);
} catch (error) {
  console.error(`packet-cost: ${messageOf(error)}`);
  process.exitCode = 1;
}

function variantsOf(named: string[]): Variant[] {
  const located = locateWorker();
  if (!located) throw new Error('there is no worker yet; type `npx potluck engine build`');
  const others = named.map((text) => {
    const [, name, bin] = /^([a-z0-9-]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || bin === undefined) throw new Error(`--bin "${text}": allowed is NAME=PATH`);
    return { name, bin, env: {} };
  });
  return [
    { name: 'plain', bin: located.bin, env: { MEDIASOUP_UDP_GSO: 'off' } },
    { name: 'tuned', bin: located.bin, env: { MEDIASOUP_UDP_GSO: 'on' } },
    ...others,
  ];
}

async function measure(variants: Variant[]): Promise<Report> {
  const loadBefore = loadavg()[0]!;
  const workers = await Promise.all(variants.map(async (variant) => ({ variant, worker: await startWorker(variant) })));
  const rows: Row[] = [];
  try {
    for (const of of cases) {
      const rigs = await Promise.all(
        workers.map(async ({ variant, worker }) => ({ variant, rig: await openRig(worker, of) })),
      );
      const samples = new Map<string, number[]>(rigs.map(({ variant }) => [variant.name, []]));
      const packets = Math.max(of.burst * 5, Math.ceil(packetsPerRound / of.consumers));
      for (const { rig } of rigs) await rig.run(of.burst * 5);
      for (let round = 0; round < rounds; round++) {
        // Who goes first takes turns, too.
        const order = round % 2 === 0 ? rigs : rigs.toReversed();
        for (const { variant, rig } of order) samples.get(variant.name)?.push(await rig.run(packets));
      }
      for (const { rig } of rigs) rig.close();
      const row: Row = {
        ...of,
        change: pairedChange(samples.get('plain') ?? [], samples.get('tuned') ?? []),
        results: [...samples].map(([name, all]) => ({ name, ...summary(all) })),
      };
      rows.push(row);
      console.error(line(row));
    }
  } finally {
    for (const { worker } of workers) worker.close();
  }
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, Linux ${release()}`;
  return { machine, node: process.version, rounds, load: [loadBefore, loadavg()[0]!], rows };
}

/** Rounds that lie side by side share the machine's mood, so each is compared with its neighbour only. */
function pairedChange(plain: number[], tuned: number[]): number {
  return summary(plain.map((cost, round) => tuned[round]! / cost)).median - 1;
}

function summary(samples: number[]) {
  const at = (share: number) => percentile(samples, share);
  return { median: at(0.5), least: at(0), most: at(1) };
}

function line({ consumers, suite, length, burst, change, results }: Row): string {
  const texts = results.map(
    ({ name, median, least, most }) => `${name} ${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`,
  );
  return `${consumers} × ${length} B, ${burst} at a time, ${suite}: ${texts.join(', ')} µs, ${(change * 100).toFixed(0)} %`;
}

function store(folder: string, report: Report, markdown: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'packet-cost.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(folder, 'packet-cost.md'), markdown);
  writeFileSync(join(folder, 'packet-cost.svg'), toSvg(report));
}
