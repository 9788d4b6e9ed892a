import type { WorkerInfo } from '../../media/fabric.ts';
import type { Command } from '../command.ts';
import type { CommandDeps } from '../deps.ts';
import { bitrate, bytes, count, duration, percent } from '../render/units.ts';
import type { Result } from '../result.ts';
import { TrafficMeter, type Traffic } from '../traffic.ts';
import { allRooms } from './rooms.ts';

const everyMs = 1_000;

export const top: Command = {
  name: 'top',
  group: 'Server',
  params: [],
  summary: 'live table of workers and rooms, until a key is pressed',
  run: ({ deps }) => {
    const meter = new TrafficMeter();
    const own = new OwnLoad();
    return { kind: 'live', everyMs, sample: () => sampleTop(deps, meter, own) };
  },
};

async function sampleTop(deps: CommandDeps, meter: TrafficMeter, own: OwnLoad): Promise<Result> {
  const rooms = allRooms(deps).toSorted((a, b) => b.members.size - a.members.size);
  const traffic = await meter.measure(rooms);
  const workers = deps.fabric.workers();
  const server = own.measure();
  const data = {
    server: { ...server, peers: rooms.reduce((sum, room) => sum + room.peerCount, 0), rooms: rooms.length },
    workers,
    rooms: rooms.map((room) => ({
      id: room.id,
      peers: room.peerCount,
      broadcasters: room.broadcasterCount,
      producers: room.media.summary().producers,
      consumers: room.media.summary().consumers,
      ...traffic.get(room),
    })),
  };
  const { peers, uptimeMs, cpu, memory } = data.server;
  const line = `up ${duration(uptimeMs)} · ${plural(rooms.length, 'room')} · ${plural(peers, 'peer')} · Node.js ${percent(cpu)} CPU, ${bytes(memory)}`;
  return {
    parts: [
      { kind: 'title', text: line },
      { kind: 'table', table: workerTable(workers) },
      { kind: 'note', text: '', tone: 'plain' },
      { kind: 'table', table: roomTable(data.rooms) },
    ],
    data,
  };
}

const workerTable = (workers: readonly WorkerInfo[]) =>
  ({
    columns: [
      { head: 'worker', align: 'right' },
      { head: 'pid', align: 'right', dropAs: 3 },
      { head: 'state' },
      { head: 'CPU', align: 'right' },
      { head: 'memory', align: 'right' },
      { head: 'routers', align: 'right', dropAs: 4 },
      { head: 'transports', align: 'right', dropAs: 2 },
      { head: 'producers', align: 'right', dropAs: 1 },
      { head: 'consumers', align: 'right', dropAs: 1 },
    ],
    rows: workers.map((worker) => [
      String(worker.index),
      String(worker.pid ?? '–'),
      worker.state,
      percent(worker.cpu),
      bytes(worker.memory),
      ...[worker.routers, worker.transports, worker.producers, worker.consumers].map(count),
    ]),
    whenEmpty: 'no worker',
  }) as const;

type RoomLine = Partial<Traffic> & { id: string; peers: number; producers: number; consumers: number };

const roomTable = (rooms: readonly RoomLine[]) =>
  ({
    columns: [
      { head: 'room', atLeast: 6 },
      { head: 'peers', align: 'right' },
      { head: 'producers', align: 'right', dropAs: 2 },
      { head: 'consumers', align: 'right', dropAs: 2 },
      { head: 'in', align: 'right' },
      { head: 'out', align: 'right' },
      { head: 'packets in', align: 'right', dropAs: 1 },
      { head: 'packets out', align: 'right', dropAs: 1 },
    ],
    rows: rooms.map((room) => [
      room.id,
      ...[room.peers, room.producers, room.consumers].map(count),
      shown(room.bitrateIn, bitrate),
      shown(room.bitrateOut, bitrate),
      shown(room.packetsIn, perSecond),
      shown(room.packetsOut, perSecond),
    ]),
    whenEmpty: 'no room is open',
  }) as const;

const plural = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? '' : 's'}`;
const perSecond = (value: number): string => `${count(value)}/s`;
const shown = (value: number | undefined, show: (value: number) => string): string =>
  value === undefined ? '–' : show(value);

/** This process: share of one core since the last call, resident memory. */
class OwnLoad {
  #last: { at: number; usage: NodeJS.CpuUsage } | undefined;

  measure(): { cpu: number; memory: number; uptimeMs: number } {
    const usage = process.cpuUsage();
    const at = performance.now();
    const last = this.#last;
    this.#last = { at, usage };
    const usedMs = last ? (usage.user + usage.system - last.usage.user - last.usage.system) / 1000 : 0;
    const cpu = last && at > last.at ? usedMs / (at - last.at) : 0;
    return { cpu, memory: process.memoryUsage.rss(), uptimeMs: process.uptime() * 1000 };
  }
}
