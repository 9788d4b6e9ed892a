import { createServer } from 'node:net';

/** Below those that systems give to whoever asks for any (32768 and up on Linux): one that is free now stays free. */
const range = { from: 20_000, to: 32_000 };

/** First of `count` TCP ports in a row that are free on loopback now. */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = range.from + Math.floor(Math.random() * (range.to - range.from));
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row`);
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}
