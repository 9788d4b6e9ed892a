import type { Sample } from '../measure.ts';
import type { LoadReport } from './report.ts';
import { bitsOf, bytesOf, percentOf } from './words.ts';

/** How it goes, in one line. */
export function progressOf(sample: Sample, wanted: number): string {
  const busiest = sample.cpu.toSorted((a, b) => b.share - a.share)[0];
  return [
    `${Math.round(sample.at)} s`,
    `${sample.joined}/${wanted} in`,
    `↓ ${bitsOf(sample.received)}`,
    `↑ ${bitsOf(sample.sent)}`,
    `loss ${percentOf(sample.loss)}`,
    `jitter ${sample.jitter.median.toFixed(1)} ms`,
    `${sample.frozen} of ${sample.pictures} pictures frozen`,
    ...(busiest === undefined ? [] : [`${busiest.name} ${Math.round(busiest.share * 100)} %`]),
  ].join(' · ');
}

/** What came of it, for the terminal. */
export function textOf({ clients, join, received, pictures, server, remarks }: LoadReport): string {
  const row = (name: string, value: string) => `  ${name.padEnd(16)}${value}`;
  const time = (of: LoadReport['join']['entered']) =>
    of === undefined ? '–' : `${Math.round(of.median)} ms (95 %: ${Math.round(of.p95)}, most: ${Math.round(of.most)})`;
  return [
    row('in the room', `${clients.joined} of ${clients.wanted}, after ${time(join.entered)}`),
    row('first picture', time(join.firstFrame)),
    row('first sound', time(join.firstSound)),
    row(
      'received',
      `${bytesOf(received.octets)} in ${received.packets.toLocaleString('en')} packets, ${bitsOf(received.bitratePerClient?.median ?? 0)} a client`,
    ),
    row(
      'lost',
      `${percentOf(received.loss)} (${received.lost} packets; ${received.recovered} more came when asked for again)`,
    ),
    row(
      'authentic',
      received.forged === 0
        ? `all of ${received.opened.toLocaleString('en')} that were opened`
        : `${received.forged} packets were NOT`,
    ),
    row(
      'jitter',
      `sound ${received.jitterAudio?.median ?? '–'} ms, pictures ${received.jitterVideo?.median ?? '–'} ms`,
    ),
    row(
      'pictures',
      `${pictures.streams}, ${pictures.framesPerSecond?.median ?? '–'} a second, ${pictures.freezes} freezes (${pictures.frozenSeconds} s)`,
    ),
    ...(server.kind === 'known'
      ? server.processes.map(({ name, cpuSeconds, memoryMiB }) => row(name, `${cpuSeconds} s of CPU, ${memoryMiB} MiB`))
      : []),
    ...(server.kind === 'known' && server.workerMicrosecondsPerPacket !== undefined
      ? [row('workers', `${server.workerMicrosecondsPerPacket} µs of CPU a packet received by a client`)]
      : []),
    ...clients.failures.map(({ reason, count }) => `  ! ${count} did not get in: ${reason}`),
    ...remarks.map((remark) => `  ! ${remark}`),
  ].join('\n');
}
