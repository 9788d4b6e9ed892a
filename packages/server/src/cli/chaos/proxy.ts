import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A way over loopback to the server that can be cut and slowed. */
export type Proxy = {
  readonly url: string;
  /** Breaks what is open, and refuses to connect for so long. */
  cut(ms: number): void;
  /** Everything takes so much longer, for so long. */
  delay(byMs: number, forMs: number): void;
  close(): void;
};

export async function openProxy(targetPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let refusedUntil = 0;
  let slow = { byMs: 0, until: 0 };
  const server = createServer((near) => {
    if (performance.now() < refusedUntil) return near.destroy();
    const far = connect({ port: targetPort, host: '127.0.0.1' });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        const byMs = performance.now() < slow.until ? slow.byMs : 0;
        // Timers of one length fire in the order they were set; a change of length waits for those before it.
        if (byMs === 0 && queued.get(from) === undefined) to.write(data);
        else enqueue(from, () => void (to.destroyed || to.write(data)), byMs);
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    return undefined;
  });
  /** When the last delayed piece of a socket goes out. */
  const queued = new Map<Socket, number>();
  const enqueue = (socket: Socket, send: () => void, byMs: number) => {
    const at = Math.max(performance.now() + byMs, queued.get(socket) ?? 0);
    queued.set(socket, at);
    setTimeout(() => {
      if (queued.get(socket) === at) queued.delete(socket);
      send();
    }, at - performance.now());
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    cut(ms) {
      refusedUntil = performance.now() + ms;
      for (const socket of sockets) socket.destroy();
    },
    delay(byMs, forMs) {
      slow = { byMs, until: performance.now() + forMs };
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
