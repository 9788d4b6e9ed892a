import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { V3Client } from '@potluck/testkit/v3-client';

/** Starts a flood in its own process; `done` resolves when all has been sent. */
export async function startFlood(kind: string, url: string, count: number) {
  const program = fileURLToPath(new URL('flooder.ts', import.meta.url));
  const child = spawn(process.execPath, [program, kind, url, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const words = createInterface({ input: child.stdout });
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();
  const { promise: done, resolve: isDone } = Promise.withResolvers<void>();
  words.on('line', (line) => (line === 'ready' ? isReady() : isDone()));
  child.on('exit', () => isDone());
  await Promise.race([ready, done]);
  return {
    done,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Milliseconds that a bystander's requests take, asked one after another until `until` is over. */
export async function measure(client: V3Client, until: Promise<unknown>, atLeast = 50): Promise<number[]> {
  const state = { over: false };
  void until.then(() => (state.over = true));
  const times: number[] = [];
  while (!state.over || times.length < atLeast) {
    const began = performance.now();
    await client.request('getRouterRtpCapabilities');
    times.push(performance.now() - began);
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  return times.toSorted((left, right) => left - right);
}
