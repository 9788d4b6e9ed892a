import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a second of a call was like. */
type Second = { readonly fps: number; readonly asked: readonly number[] };

export type Watched = {
  /** Pictures a second that arrived, of each of the two sides; over the whole time. */
  readonly fps: number;
  /** Milliseconds that requests took, sorted. */
  readonly times: number[];
};

/** A call of two with moving pictures, in a process of its own. */
export async function startCall(http: string, ws: string) {
  const program = fileURLToPath(new URL('caller.ts', import.meta.url));
  const child = fork(program, [http, ws], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const seconds: Second[] = [];
  child.on('message', (second) => seconds.push(second as Second));
  const untilThereAre = async (count: number) => {
    while (seconds.length < count) {
      if (child.exitCode !== null) throw new Error(`the call ended with exit code ${child.exitCode}`);
      const wait = new AbortController();
      const { signal } = wait;
      await Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal })]).finally(() =>
        wait.abort(),
      );
    }
  };
  return {
    /** Watches at least so many seconds from now on, and until `until` is over. */
    async watch(atLeast: number, until: Promise<unknown> = Promise.resolve()): Promise<Watched> {
      const from = seconds.length + 1;
      await untilThereAre(from + atLeast);
      await until;
      const seen = seconds.slice(from);
      const fps = seen.reduce((sum, second) => sum + second.fps, 0) / seen.length;
      return { fps, times: seen.flatMap(({ asked }) => asked).toSorted((left, right) => left - right) };
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
