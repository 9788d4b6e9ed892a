import { readFileSync } from 'node:fs';

/**
 * Datagrams that the kernel threw away because a socket's buffer was full: by local port. On loopback that is the only place where
 * any are lost, so it tells whose fault a loss is.
 */
export function droppedByPort(): Map<number, number> {
  const dropped = new Map<number, number>();
  for (const table of ['/proc/net/udp', '/proc/net/udp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/u);
      const port = Number.parseInt(fields[1]?.split(':').at(-1) ?? '', 16);
      if (Number.isNaN(port)) continue;
      dropped.set(port, (dropped.get(port) ?? 0) + Number(fields.at(-1)));
    }
  }
  return dropped;
}

export const sumOf = (dropped: Map<number, number>, wanted: (port: number) => boolean): number =>
  [...dropped].reduce((sum, [port, count]) => sum + (wanted(port) ? count : 0), 0);
