import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { openLink } from '../../packages/server/src/cli/chaos/link.ts';

/**
 * A server that is farther away than it is: TCP and UDP through a relay of this process, which holds every chunk back for half a round trip
 * each way, and a new TCP connection for one round trip more, as SYN and SYN-ACK take. The kernels of test machines often lack netem.
 */
export type FarServer = { readonly http: string; close(): void };

/** `address`: of the relay for media, on the server's own ports. */
export async function openFar(of: {
  httpPort: number;
  mediaPort: number;
  address: string;
  roundTripMs: number;
}): Promise<FarServer> {
  const oneWayMs = of.roundTripMs / 2;
  const link = await openLink(of.address, [of.mediaPort], () => 1);
  if (oneWayMs > 0) link.lag(oneWayMs, Infinity);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ port: of.httpPort, host: '127.0.0.1', noDelay: true });
    near.setNoDelay();
    const openedAt = performance.now();
    // Who connects may speak after one round trip.
    for (const [from, to, freeAfterMs] of [
      [near, far, of.roundTripMs + oneWayMs],
      [far, near, 0],
    ] as const) {
      sockets.add(from);
      let free = openedAt + freeAfterMs;
      from.on('data', (data) => {
        // In order, whatever the timers do.
        free = Math.max(free, performance.now() + oneWayMs);
        setTimeout(() => to.destroyed || to.write(data), Math.max(0, free - performance.now()));
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        setTimeout(() => to.destroy(), of.roundTripMs);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    http: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      link.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
