/**
 * What warm standby costs: `node bench/failover/standby-cost.ts [clients] [seconds]`. Clients of our SDK sit in one room
 * without sending; with and without standby. CPU and memory are those of the media workers, traffic is what the kernel
 * counts on the loopback device, so nothing else should use it meanwhile.
 */
import { readFileSync } from 'node:fs';
import { openRoom, type Room } from '@potluck/client';
import { WebSocket } from 'ws';
import { loadRtc } from '../../packages/server/src/cli/chaos/rtc.ts';
import { openTrialServer } from '../../packages/server/src/cli/chaos/server.ts';
import { pause } from '../kit/crowd.ts';

const [clients = 20, seconds = 30] = process.argv.slice(2).map(Number);
const rtc = loadRtc();

/** Packets received on ports of media workers are not told apart by the kernel: all of loopback is counted. */
function loopbackPackets(): number {
  const line = readFileSync('/proc/net/dev', 'utf8')
    .split('\n')
    .find((one) => one.trim().startsWith('lo:'));
  return Number(line?.trim().split(/\s+/)[2]);
}

/** User and system time of a process in milliseconds: fields 14 and 15 of proc(5), in ticks of 10 ms. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /u, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const memory = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

async function measure(standby: boolean) {
  const server = await openTrialServer({ workers: 2, standby });
  const rooms: Room[] = [];
  for (let index = 0; index < clients; index++) {
    const room = openRoom(`http://127.0.0.1:${server.port}/`, {
      roomId: 'quiet',
      displayName: `client ${index}`,
      runtime: { ...rtc, WebSocket: WebSocket as never, handlerName: 'Chrome111' },
    });
    await room.joined;
    rooms.push(room);
  }
  await pause(8000);
  const pids = server.app.fabric.workers().map(({ pid }) => pid ?? 0);
  const sum = (of: (pid: number) => number) => pids.reduce((total, pid) => total + of(pid), 0);
  const transports = server.app.fabric.workers().reduce((total, worker) => total + worker.transports, 0);
  const before = { cpu: sum(cpuMs), packets: loopbackPackets() };
  await pause(seconds * 1000);
  const found = {
    standby,
    transports,
    'worker CPU, ms per client and minute': ((sum(cpuMs) - before.cpu) / clients / seconds) * 60,
    'worker memory, KiB in all': sum(memory),
    'loopback packets per client and second': (loopbackPackets() - before.packets) / clients / seconds,
  };
  await Promise.all(rooms.map((room) => room.leave()));
  await server.close();
  return found;
}

console.table([await measure(false), await measure(true)]);
process.exit(0);
