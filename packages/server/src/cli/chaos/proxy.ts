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
      const line = new DelayLine((data) => void (to.destroyed || to.write(data)));
      from.on('data', (data) => line.put(data, performance.now() < slow.until ? slow.byMs : 0));
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    return undefined;
  });
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

/** What is put in comes out later, in the same order. */
class DelayLine {
  readonly #out: (data: Buffer) => void;
  readonly #waiting: { at: number; data: Buffer }[] = [];
  #scheduled = false;

  constructor(out: (data: Buffer) => void) {
    this.#out = out;
  }

  put(data: Buffer, byMs: number): void {
    if (byMs === 0 && this.#waiting.length === 0) return this.#out(data);
    this.#waiting.push({ at: performance.now() + byMs, data });
    this.#flushAfter(byMs);
  }

  #flushAfter(ms: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => this.#flush(), ms);
  }

  #flush(): void {
    this.#scheduled = false;
    while (this.#waiting[0] !== undefined && this.#waiting[0].at <= performance.now() + 1) {
      this.#out(this.#waiting.shift()!.data);
    }
    const [next] = this.#waiting;
    if (next !== undefined) this.#flushAfter(next.at - performance.now());
  }
}
